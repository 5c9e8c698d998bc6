import { BLIND_WORDS, BROKEN_WORDS, haltedWords, SHUT_WORDS, UNREACHABLE_WORDS } from "../words.ts";
import type { Line } from "./line.ts";
import type { Probe } from "./probe.ts";

/** Something a person should know about, as long as it lasts. */
export interface Trouble {
  words: string;
}

/** So many tries in a row that it is no hiccup. */
const TRIES = 5;

/** The keys of a link are there, but the key that sealed them is not. */
export const SHUT: Trouble = { words: SHUT_WORDS };

/** What is wrong with a line right now. */
export function lineTrouble(line: Line): Trouble | null {
  if (line.at === "halted") return { words: haltedWords(line.code) };
  const isTrying = line.at === "waiting" || line.at === "connecting";
  return isTrying && line.tries >= TRIES ? { words: UNREACHABLE_WORDS } : null;
}

/** What is wrong with asking through it. A spent budget is no trouble: it does what it was set to do. */
export function probeTrouble({ sight, breaker }: Probe): Trouble | null {
  if (sight.at === "blind") return { words: BLIND_WORDS };
  return breaker.at === "closed" ? null : { words: BROKEN_WORDS };
}
