import type { Locale } from "#kit";
import type { BotInput } from "../turn.ts";
import { languageOf } from "./language.ts";
import type { Memory } from "./memory.ts";
import { normalise } from "./normalise.ts";
import { wordsOf } from "./words.ts";
import { emojiVerdict } from "./yes-no.ts";

/** A burst as the decision sees it. */
export interface Heard {
  choice: string | null;
  hasMedia: boolean;
  /** The newest messages, normalised, as one text. */
  text: string;
  /** All words of that text. */
  words: string[];
  /** Its sentences apart, and then every message whole: a request may hide in one of them. */
  sentences: string[][];
  language: Locale;
  emoji: "yes" | "no" | null;
}

const MOST_TEXT = 500;
const MOST_SENTENCES = 6;
const SENTENCE_END = /[.!?;…\n]+/;

/** Normalises a burst. Of a flood only the newest 500 characters count; an only message keeps its beginning. */
export function hear(input: BotInput, memory: Memory): Heard {
  const lines = newest(
    input.texts
      .slice(-20)
      .map(normalise)
      .filter((line) => line !== ""),
  );
  const whole = lines.map(wordsOf);
  const words = whole.flat();
  const sentences = lines.flatMap((line) => line.split(SENTENCE_END).map(wordsOf));
  return {
    choice: input.choice,
    hasMedia: input.hasMedia,
    text: lines.join(" ; "),
    words,
    sentences: distinct([...sentences.slice(-MOST_SENTENCES), ...whole.slice(-MOST_SENTENCES), words]),
    language: languageOf(words, memory.language ?? input.locale),
    emoji: emojiVerdict(lines.join(" ")),
  };
}

function newest(lines: string[]): string[] {
  const kept: string[] = [];
  let room = MOST_TEXT;
  for (const line of lines.toReversed()) {
    if (room <= 0) break;
    kept.unshift(line.slice(0, room));
    room -= line.length;
  }
  return kept;
}

function distinct(sentences: string[][]): string[][] {
  const seen = new Map(sentences.filter((words) => words.length > 0).map((words) => [words.join(" "), words]));
  return [...seen.values()];
}
