import type { Webhooks } from "./webhook.ts";

/** How long what a caller hears takes. */
export interface Sounds {
  speechMs(text: string): number;
  /** Fetches a recording once and reads its length; 0 when it cannot be had, which is heard as nothing. */
  recordingMs(url: string): Promise<number>;
}

const CHARACTERS_PER_SECOND = 14;
/** A recording whose length we cannot read. */
const USUAL_RECORDING_MS = 10_000;

export function createSounds(webhooks: () => Webhooks): Sounds {
  const known = new Map<string, Promise<number>>();

  const fetchLength = async (url: string) => {
    const answer = await webhooks().ask({ url, method: "GET", form: {} });
    const isThere = answer.kind === "answered" && answer.status === 200;
    if (!isThere) known.delete(url);
    return isThere ? (wavMs(answer.body) ?? USUAL_RECORDING_MS) : 0;
  };

  return {
    speechMs: (text) => (text.length / CHARACTERS_PER_SECOND) * 1000,
    recordingMs(url) {
      const length = known.get(url) ?? fetchLength(url);
      known.set(url, length);
      return length;
    },
  };
}

/** The length of a RIFF/WAVE file; null for anything else. */
function wavMs(file: Buffer): number | null {
  if (file.length < 12 || file.toString("latin1", 0, 4) !== "RIFF" || file.toString("latin1", 8, 12) !== "WAVE")
    return null;
  let bytesPerSecond = 0;
  for (let at = 12; at + 8 <= file.length;) {
    const name = file.toString("latin1", at, at + 4);
    const size = file.readUInt32LE(at + 4);
    if (name === "fmt " && at + 20 <= file.length) bytesPerSecond = file.readUInt32LE(at + 16);
    if (name === "data") return bytesPerSecond === 0 ? null : (size / bytesPerSecond) * 1000;
    at += 8 + size + (size % 2);
  }
  return null;
}
