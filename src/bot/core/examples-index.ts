import type { Features } from "./features.ts";

type Terms = Map<string, number>;
type Posting = { example: number; weight: number };

/** Answers how alike a text is to every example it was made from. */
export interface ExamplesIndex {
  /** One cosine per example, 0 to 1, in their order. */
  cosines(text: Features): Float64Array;
}

/** TF-IDF vectors of the examples, turned inside out: from a term to the examples that have it. Pure. */
export function createIndex(examples: Features[]): ExamplesIndex {
  const stems = createBlock(examples.map((example) => example.stems));
  const pieces = createBlock(examples.map((example) => example.pieces));
  return {
    cosines(text) {
      const cosines = new Float64Array(examples.length);
      stems(text.stems, cosines);
      pieces(text.pieces, cosines);
      return cosines;
    },
  };
}

/** Each of the two blocks makes half of the cosine. */
const SHARE = 0.5;

function createBlock(examples: Terms[]) {
  const having = new Map<string, number>();
  for (const example of examples) for (const term of example.keys()) having.set(term, (having.get(term) ?? 0) + 1);
  const rarityOf = (count: number) => Math.log(1 + examples.length / count);
  const rarities = new Map([...having].map(([term, count]) => [term, rarityOf(count)]));
  const neverSeen = rarityOf(0.5);
  const rarity = (term: string) => rarities.get(term) ?? neverSeen;

  const postings = new Map<string, Posting[]>();
  for (const [example, terms] of examples.entries()) {
    for (const [term, weight] of unit(terms, rarity)) {
      const list = postings.get(term) ?? [];
      list.push({ example, weight: weight * SHARE });
      postings.set(term, list);
    }
  }

  return (text: Terms, cosines: Float64Array): void => {
    for (const [term, weight] of unit(text, rarity)) {
      for (const posting of postings.get(term) ?? []) cosines[posting.example]! += posting.weight * weight;
    }
  };
}

/** Weights of a vector of length one. Terms never seen weigh most, so a strange text stays unlike everything. */
function unit(terms: Terms, rarity: (term: string) => number): [string, number][] {
  const weighed: [string, number][] = [];
  let sum = 0;
  for (const [term, times] of terms) {
    const weight = (1 + Math.log(times)) * rarity(term);
    sum += weight * weight;
    weighed.push([term, weight]);
  }
  const length = Math.sqrt(sum) || 1;
  for (const pair of weighed) pair[1] /= length;
  return weighed;
}
