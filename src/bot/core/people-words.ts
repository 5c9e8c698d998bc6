import { differing, isNear, lettersOf } from "./fuzzy.ts";
import { remember } from "./remember.ts";
import { stemOf } from "./words.ts";
import { EXACT, NOUNS, OTHERWISE } from "./people-lexicon.ts";
import type { Role } from "./people-lexicon.ts";

const plain = (word: string) => word.replace(/(.)\1/gu, "$1");

const exact = new Map<string, Role>(EXACT.flatMap(([role, list]) => list.map((word) => [word, role] as const)));
const nouns = NOUNS.flatMap(([role, list]) =>
  list.map((noun) => ({ role, noun: plain(noun), letters: lettersOf(plain(noun)), slips: slipsIn(noun) })),
);

/** The part a word plays, typos and a forgotten keyboard layout forgiven. */
export const roleOf = remember((word: string): Role => known(word) ?? known(otherLayout(word)) ?? "other");

function known(word: string): Role | null {
  if (OTHERWISE.has(word)) return null;
  return exact.get(word) ?? exact.get(plain(word)) ?? nounLike(word);
}

function nounLike(word: string): Role | null {
  if (word.length < 4) return null;
  const spellings = new Set([plain(word), plain(stemOf(word)), plain(word.replace(/s$/, ""))]);
  for (const spelling of spellings) {
    const letters = lettersOf(spelling);
    const found = nouns.find(
      (noun) => differing(letters, noun.letters) <= noun.slips * 2 && isNear(spelling, noun.noun, noun.slips),
    );
    if (found) return found.role;
  }
  return null;
}

function slipsIn(noun: string): number {
  if (noun.length >= 8 || noun === "человек") return 2;
  return noun.length >= 5 ? 1 : 0;
}

const QWERTY = "qwertyuiop[]asdfghjkl;'zxcvbnm,.";
const ЙЦУКЕН = "йцукенгшщзхъфывапролджэячсмитьбю";

function otherLayout(word: string): string {
  if (word.length < 5) return "";
  const [from, to] = /[а-я]/.test(word) ? [ЙЦУКЕН, QWERTY] : [QWERTY, ЙЦУКЕН];
  return word.replace(/./gu, (letter) => to[from.indexOf(letter)] ?? letter);
}
