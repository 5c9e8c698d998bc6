import type { Locale } from "#kit";

const ENGLISH = new Set(
  `a an the is are was i my me you your we it its im do does did can could will would have has had how what where when
  which who why to of in on for with and or but not no yes from about this that there be been please hello hi hey
  thanks thank order delivery return refund help`.split(/\s+/),
);

/**
 * The language to answer in: the customer's own when it shows, else `known`.
 * Latin letters alone prove nothing ("gde zakaz"), so English needs words of its own.
 */
export function languageOf(words: string[], known: Locale): Locale {
  let cyrillic = 0;
  let latin = 0;
  let english = 0;
  for (const word of words) {
    if (/[а-я]/.test(word)) cyrillic += word.length;
    else if (/[a-z]/.test(word)) latin += word.length;
    if (ENGLISH.has(word)) english += 1;
  }
  if (cyrillic > latin) return "ru";
  if (latin > cyrillic && english * 4 >= words.length && english > 0) return "en";
  return known;
}
