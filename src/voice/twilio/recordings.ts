import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { StartError, messageOf, type Locale } from "#kit";
import { readRecording, type Sounds } from "./sounds.ts";

/** A stretch of a text: recorded, or to be spoken by the provider's voice. */
export type Stretch = { recorded: string } | { spoken: string };

/** The name of the recording of one sentence: a recording never outlives the words it was made of. */
export const recordingName = (sentence: string, locale: Locale): string =>
  `${locale}-${createHash("sha256").update(sentence).digest("hex").slice(0, 20)}`;

/** The sentences of a text. */
export const sentencesOf = (text: string): string[] =>
  text.split(/(?<=[.!?])\s+/).filter((sentence) => sentence !== "");

/** A text as recordings where there are some; what has none stays together. */
export function stretchesOf(text: string, locale: Locale, sounds: Sounds): Stretch[] {
  const stretches: Stretch[] = [];
  for (const sentence of sentencesOf(text)) {
    const name = recordingName(sentence, locale);
    const last = stretches.at(-1);
    if (sounds.has(name)) stretches.push({ recorded: name });
    else if (last && "spoken" in last) last.spoken = `${last.spoken} ${sentence}`;
    else stretches.push({ spoken: sentence });
  }
  return stretches;
}

const FILE = /^[a-z]{2}-[0-9a-f]{20}\.wav$/;

/** Reads the recorded sentences of a folder. Throws `StartError` when it or one of them cannot be read. */
export function loadRecordings(folder: string | undefined): Sounds {
  if (folder === undefined) return new Map();
  const files = filesIn(folder).filter((file) => FILE.test(file));
  return new Map(files.map((file) => [file.slice(0, -4), readRecording("VOICE_RECORDINGS", join(folder, file))]));
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    throw new StartError(
      `VOICE_RECORDINGS: ${folder} cannot be read (${messageOf(error)}). Correct the path or leave the setting empty, and start again.`,
    );
  }
}
