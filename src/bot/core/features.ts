import { stemOf } from "./words.ts";

/** What a text is made of: stems with their pairs in one block, pieces of words in the other. */
export interface Features {
  stems: Map<string, number>;
  pieces: Map<string, number>;
}

const POLITE = new Set(
  `пожалуйста плиз пж пжл скажите подскажите здравствуйте здрасте привет добрый доброе утро вечер
  өтінемін сәлем сәлеметсіз please pls plz hi hello hey kindly`.split(/\s+/),
);

/** Counts the features of one sentence; polite words count only when nothing else was said. */
export function featuresOf(words: string[]): Features {
  const telling = words.filter((word) => !POLITE.has(word));
  const counted = telling.length > 0 ? telling : words;
  const stems = new Map<string, number>();
  const pieces = new Map<string, number>();
  let previous = "^";
  for (const word of counted) {
    const stem = stemOf(word);
    count(stems, stem);
    count(stems, `${previous} ${stem}`);
    previous = stem;
    countPieces(pieces, stem === "0" ? stem : word);
  }
  count(stems, `${previous} $`);
  return { stems, pieces };
}

/** Runs of three and four letters inside a word with its edges: what a typo leaves standing. */
function countPieces(pieces: Map<string, number>, word: string): void {
  const edged = `<${word}>`;
  for (let length = 3; length <= 4; length++) {
    for (let at = 0; at + length <= edged.length; at++) count(pieces, edged.slice(at, at + length));
  }
}

const count = (counts: Map<string, number>, key: string) => counts.set(key, (counts.get(key) ?? 0) + 1);
