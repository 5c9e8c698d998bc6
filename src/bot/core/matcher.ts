import type { Guess, Intent } from "../turn.ts";
import { featuresOf } from "./features.ts";
import type { Features } from "./features.ts";
import { normalise } from "./normalise.ts";
import { wordsOf } from "./words.ts";

/** Compares what was said with the examples of every intent. */
export interface Matcher {
  /** Best first; several sentences of one burst are weighed separately and the best of each intent counts. */
  guess(sentences: string[][]): Guess[];
}

type Block = keyof Features;
type Posting = { example: number; weight: number };

const BLOCKS: { block: Block; weight: number }[] = [
  { block: "stems", weight: 1 },
  { block: "pieces", weight: 1 },
];
const WHOLE = Math.hypot(...BLOCKS.map(({ weight }) => weight));

/** An index of TF-IDF vectors of the examples. Pure; building it for 600 examples takes some tens of milliseconds. */
export function createMatcher(intents: Intent[]): Matcher {
  const owners: number[] = [];
  const texts: Features[] = [];
  for (const [owner, intent] of intents.entries()) {
    for (const example of Object.values(intent.examples).flat()) {
      owners.push(owner);
      texts.push(featuresOf(wordsOf(normalise(example))));
    }
  }
  const indexes = BLOCKS.map(({ block, weight }) => createIndex(texts.map((text) => text[block]), weight / WHOLE));

  const scoresOf = (sentence: string[], best: Float64Array) => {
    const features = featuresOf(sentence);
    const likeness = new Float64Array(texts.length);
    for (const [at, { block }] of BLOCKS.entries()) indexes[at]!.add(features[block], likeness);
    for (const [example, score] of likeness.entries()) {
      const owner = owners[example]!;
      if (score > best[owner]!) best[owner] = score;
    }
  };

  return {
    guess(sentences) {
      const best = new Float64Array(intents.length);
      for (const sentence of sentences) if (sentence.length > 0) scoresOf(sentence, best);
      return ranked(intents, best);
    },
  };
}

function createIndex(texts: Map<string, number>[], blockWeight: number) {
  const found = new Map<string, number>();
  for (const text of texts) for (const term of text.keys()) found.set(term, (found.get(term) ?? 0) + 1);
  const rarity = (term: string) => Math.log(1 + texts.length / (found.get(term) ?? 0.5));

  const postings = new Map<string, Posting[]>();
  for (const [example, text] of texts.entries()) {
    for (const [term, weight] of unit(text, rarity)) {
      const list = postings.get(term) ?? [];
      list.push({ example, weight: weight * blockWeight });
      postings.set(term, list);
    }
  }

  return {
    /** Adds this block's share of the cosine to every example that has a term in common. */
    add(text: Map<string, number>, likeness: Float64Array): void {
      for (const [term, weight] of unit(text, rarity)) {
        for (const posting of postings.get(term) ?? []) {
          likeness[posting.example]! += posting.weight * weight * blockWeight;
        }
      }
    },
  };
}

/** Weights of the terms, the whole of length one; terms never seen weigh most, so strange texts stay unlike everything. */
function unit(text: Map<string, number>, rarity: (term: string) => number): [string, number][] {
  const weighed: [string, number][] = [];
  let sum = 0;
  for (const [term, times] of text) {
    const weight = (1 + Math.log(times)) * rarity(term);
    sum += weight * weight;
    weighed.push([term, weight]);
  }
  const length = Math.sqrt(sum) || 1;
  for (const pair of weighed) pair[1] /= length;
  return weighed;
}

/** Likeness is no probability yet: this curve was fitted on phrases the examples do not hold (docs/bot.md). */
const confidence = (score: number, lead: number) => 1 / (1 + Math.exp(-(-4 + 9 * score + 8 * lead)));

function ranked(intents: Intent[], best: Float64Array): Guess[] {
  const order = [...intents.keys()].sort((a, b) => best[b]! - best[a]!);
  const first = best[order[0] ?? 0] ?? 0;
  const second = best[order[1] ?? 0] ?? 0;
  return order
    .filter((at) => best[at]! > 0)
    .map((at, place) => ({
      intent: intents[at]!.code,
      confidence: confidence(best[at]!, best[at]! - (place === 0 ? second : first)),
    }));
}
