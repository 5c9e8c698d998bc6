import type { Features } from "./features.ts";

type Terms = Map<string, number>;

/** What is known about one term: how much it tells, and the weight it has in each of the examples that have it. */
interface Known {
  rarity: number;
  examples: Uint32Array;
  weights: Float64Array;
}

/** Answers how alike a text is to every example it was made from. */
export interface ExamplesIndex {
  /** One cosine per example, 0 to 1, in their order; the array is overwritten by the next call. */
  cosines(text: Features): Float64Array;
}

/** TF-IDF vectors of the examples, turned inside out: from a term to the examples that have it. Pure. */
export function createIndex(examples: Features[]): ExamplesIndex {
  const stems = createBlock(examples.map((example) => example.stems));
  const pieces = createBlock(examples.map((example) => example.pieces));
  const cosines = new Float64Array(examples.length);
  return {
    cosines(text) {
      cosines.fill(0);
      stems(text.stems, cosines);
      pieces(text.pieces, cosines);
      return cosines;
    },
  };
}

/** Each of the two blocks makes half of the cosine. */
const SHARE = 0.5;

/**
 * One look for each term and no object for any of them: here the bot spends most of its time.
 * Terms never seen weigh most, so a strange text stays unlike everything.
 */
function createBlock(examples: Terms[]) {
  const rarityOf = (count: number) => Math.log(1 + examples.length / count);
  const neverSeen = rarityOf(0.5);
  const known = new Map<string, Known>();
  for (const [term, having] of holders(examples)) {
    const weights = new Float64Array(having.length);
    known.set(term, { rarity: rarityOf(having.length), examples: Uint32Array.from(having), weights });
  }
  fillWeights(examples, known);

  return (text: Terms, cosines: Float64Array): void => {
    const found: Known[] = [];
    const weights: number[] = [];
    let sum = 0;
    for (const [term, times] of text) {
      const one = known.get(term);
      const weight = dampened(times) * (one?.rarity ?? neverSeen);
      sum += weight * weight;
      if (!one) continue;
      found.push(one);
      weights.push(weight);
    }
    const length = Math.sqrt(sum) || 1;
    for (let at = 0; at < found.length; at++) add(found[at]!, weights[at]! / length, cosines);
  };
}

function holders(examples: Terms[]): Map<string, number[]> {
  const having = new Map<string, number[]>();
  for (const [example, terms] of examples.entries()) {
    for (const term of terms.keys()) {
      const list = having.get(term);
      if (list) list.push(example);
      else having.set(term, [example]);
    }
  }
  return having;
}

/** The examples are walked in the order in which `holders` met them. */
function fillWeights(examples: Terms[], known: Map<string, Known>): void {
  const filled = new Map<string, number>();
  for (const terms of examples) {
    const length = Math.hypot(...[...terms].map(([term, times]) => dampened(times) * known.get(term)!.rarity));
    for (const [term, times] of terms) {
      const { rarity, weights } = known.get(term)!;
      const at = filled.get(term) ?? 0;
      weights[at] = ((dampened(times) * rarity) / (length || 1)) * SHARE;
      filled.set(term, at + 1);
    }
  }
}

function add({ examples, weights }: Known, weight: number, cosines: Float64Array): void {
  for (let at = 0; at < examples.length; at++) cosines[examples[at]!]! += weights[at]! * weight;
}

const dampened = (times: number) => (times === 1 ? 1 : 1 + Math.log(times));
