/** What nobody could name. */
export const UNKNOWN_TYPE = "application/octet-stream";

/** Types a browser shows without running anything in them. Everything else only leaves as a download. */
const HARMLESS = new Set([
  "image/jpeg",
  "image/png",
  "image/gif",
  "image/webp",
  "audio/mpeg",
  "audio/mp4",
  "audio/aac",
  "audio/ogg",
  "audio/wav",
  "audio/webm",
  "video/mp4",
  "video/webm",
  "video/3gpp",
]);

/** The type without its parameters. */
const plainType = (type: string): string => type.split(";")[0]!.trim().toLowerCase();

/** True for types that may be shown in a page. */
export const isHarmless = (type: string): boolean => HARMLESS.has(plainType(type));

/** Other names that detectors give to types everybody else calls by these. */
const ALIASES: Record<string, string> = {
  "audio/x-m4a": "audio/mp4",
  "audio/vnd.wave": "audio/wav",
  "video/x-m4v": "video/mp4",
  "image/apng": "image/png",
};

/** Old Office files share one container; only the name tells which program wrote them. */
const BY_NAME: Record<string, string> = {
  doc: "application/msword",
  xls: "application/vnd.ms-excel",
  ppt: "application/vnd.ms-powerpoint",
};

/** The usual name of a detected type. Pure. */
export function namedType(detected: string, fileName: string | null): string {
  if (detected === "application/x-cfb") return BY_NAME[extensionOf(fileName)] ?? detected;
  return ALIASES[detected] ?? detected;
}

const EXTENSIONS: Record<string, string> = {
  "image/jpeg": "jpg",
  "audio/mpeg": "mp3",
  "audio/mp4": "m4a",
  "text/plain": "txt",
  "video/3gpp": "3gp",
};

/** A name for a file that came without one. */
export function nameFor(kind: string, type: string): string {
  const subtype = plainType(type).split("/")[1] ?? "";
  const extension = EXTENSIONS[plainType(type)] ?? (/^[a-z0-9]{2,5}$/.test(subtype) ? subtype : "bin");
  return `${kind}.${extension}`;
}

const extensionOf = (fileName: string | null): string => fileName?.split(".").at(-1)?.toLowerCase() ?? "";
