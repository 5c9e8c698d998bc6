import english from "natural/lib/natural/stemmers/porter_stemmer.js";
import russian from "natural/lib/natural/stemmers/porter_stemmer_ru.js";
import { RegexpTokenizer } from "natural/lib/natural/tokenizers/regexp_tokenizer.js";
import { hasKazakhLetters } from "#kit";
import { remember } from "./remember.ts";

const tokenizer = new RegexpTokenizer({ pattern: /\p{L}+|\p{Nd}+/gu, gaps: false });

/** Words and numbers of a normalised text, in order. */
export function wordsOf(normalised: string): string[] {
  const words = tokenizer.tokenize(normalised) ?? [];
  return joinSpacedLetters(words.map(undisguise));
}

/** The stem of one word, Russian or English by its letters, a Kazakh one as it is; every number is the same `0`. */
export const stemOf = remember((word: string): string => {
  if (/^\p{Nd}/u.test(word)) return "0";
  if (hasKazakhLetters(word)) return word;
  return /[а-я]/.test(word) ? russian.stem(word) : english.stem(word);
});

const LOOKALIKES: Record<string, string> = {
  a: "а",
  b: "в",
  c: "с",
  e: "е",
  h: "н",
  k: "к",
  m: "м",
  o: "о",
  p: "р",
  t: "т",
  x: "х",
  y: "у",
};

/** Russian words with Latin letters that look the same are read as Russian. */
function undisguise(word: string): string {
  if (!/[а-я]/.test(word) || !/[a-z]/.test(word)) return word;
  return word.replace(/[a-z]/g, (letter) => LOOKALIKES[letter] ?? letter);
}

/** "о п е р а т о р" is one word. */
function joinSpacedLetters(words: string[]): string[] {
  if (!words.some(isLetter)) return words;
  const joined: string[] = [];
  let letters: string[] = [];
  const flush = () => {
    joined.push(...(letters.length >= 4 ? [letters.join("")] : letters));
    letters = [];
  };
  for (const word of words) {
    if (isLetter(word)) {
      letters.push(word);
      continue;
    }
    flush();
    joined.push(word);
  }
  flush();
  return joined;
}

const isLetter = (word: string) => word.length === 1 && /\p{L}/u.test(word);
