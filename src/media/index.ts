/** The door of `media`: files of strangers, fetched without risk, known by their content, kept until their time is over. */
export { cleanFileName, disposition } from "./core/disposition.ts";
export { wantedPart } from "./core/range.ts";
export { UNKNOWN_TYPE, isHarmless, nameFor } from "./core/types.ts";
export { download } from "./download.ts";
export { openMediaStore } from "./open-store.ts";
export { mediaSettings, type MediaSettings } from "./settings.ts";
export { openSpool, type Received, type Spool } from "./spool.ts";
export type { MediaStore } from "./store.ts";
