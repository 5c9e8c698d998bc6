/** `natural` and everything after it never sees more of one message (its stemmers are quadratic). */
const LONGEST_TEXT = 500;
const LONGEST_WORD = 64;

const INVISIBLE = /[\p{Cf}\p{Cc}\p{Cs}\p{M}]+/gu;
const LINE_BREAKS = /[\r\n\u2028\u2029]+/g;
const APOSTROPHES = /(?<=\p{L})['’ʼ`](?=\p{L})/gu;
const STRETCHED_RUSSIAN = /([а-я])\1{2,}/g;
const STRETCHED = /(\p{L})\1{2,}/gu;
const ENDLESS_WORD = new RegExp(`(\\p{L}{${LONGEST_WORD}})\\p{L}+`, "gu");

/**
 * One spelling for what people type in many ways: NFKC, lower case, ё as е, no invisible characters,
 * "heeeelp" shortened. Line breaks stay, as sentence ends. Never longer than 500 characters.
 */
export function normalise(text: string): string {
  return cut(cut(text).normalize("NFKC")) // one character may become eighteen
    .toLowerCase()
    .replace(LINE_BREAKS, " ; ")
    .replace(INVISIBLE, "")
    .replaceAll("ё", "е")
    .replace(APOSTROPHES, "")
    .replace(STRETCHED_RUSSIAN, "$1")
    .replace(STRETCHED, "$1$1")
    .replace(ENDLESS_WORD, "$1")
    .trim();
}

/** Shortens for a person's eyes: at most `most` UTF-16 units, never half of a character. */
export function shorten(text: string, most: number): string {
  if (text.length <= most) return text;
  const kept = text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, "");
  return `${kept.trimEnd()}…`;
}

const cut = (text: string) => (text.length > LONGEST_TEXT ? text.slice(0, LONGEST_TEXT) : text);
