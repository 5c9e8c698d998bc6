import type { Intent } from "../turn.ts";
import { createMatcher } from "./matcher.ts";
import type { Matcher } from "./matcher.ts";
import { normalise } from "./normalise.ts";
import { stemOf, wordsOf } from "./words.ts";

/** Knowledge in the form decisions use; made anew when the knowledge is edited. */
export interface Brain {
  byCode(code: string): Intent | null;
  byAction(action: NonNullable<Intent["action"]>): Intent | null;
  /** Everything customers ask about. Wishes for a person are not among it: likeness is too weak a reason there. */
  topics: Matcher;
  /** True when the words are one of the examples of "ask for a person", which editors may add to. */
  isKnownWish(words: string[]): boolean;
  /** Greetings and thanks: they count only when nothing else was said. */
  smallTalk: Matcher;
}

/** Builds the matchers. Pure. */
export function createBrain(intents: Intent[]): Brain {
  const codes = new Map(intents.map((intent) => [intent.code, intent]));
  const wishes = new Set(intents.filter(isWish).flatMap(({ examples }) => Object.values(examples).flat().map(stemsOf)));
  return {
    byCode: (code) => codes.get(code) ?? null,
    byAction: (action) => intents.find((intent) => intent.action === action) ?? null,
    topics: createMatcher(intents.filter((intent) => !isSmallTalk(intent) && !isWish(intent))),
    isKnownWish: (words) => wishes.has(words.map(stemOf).join(" ")),
    smallTalk: createMatcher(intents.filter(isSmallTalk)),
  };
}

const isWish = ({ action }: Intent) => action === "ask-for-person";

const stemsOf = (text: string) => wordsOf(normalise(text)).map(stemOf).join(" ");

const isSmallTalk = ({ action }: Intent) => action === "greeting" || action === "thanks";
