import { readFileSync } from "node:fs";

const sample = (name: string): Buffer => readFileSync(new URL(`../../sim/samples/${name}`, import.meta.url));

/** A picture: JPEG. */
export const photo = sample("photo.jpg");
/** A voice note: Ogg with Opus. */
export const voice = sample("voice.ogg");
/** A document: PDF. */
export const receipt = sample("receipt.pdf");
