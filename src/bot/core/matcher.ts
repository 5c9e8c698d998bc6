import type { Guess, Intent } from "../turn.ts";
import { createIndex } from "./examples-index.ts";
import { featuresOf } from "./features.ts";
import { normalise } from "./normalise.ts";
import { wordsOf } from "./words.ts";

/** Compares what was said with the examples of every intent. */
export interface Matcher {
  /** The best three, best first; sentences of one burst are weighed separately and the best of each intent counts. */
  guess(sentences: string[][]): Guess[];
}

const MOST_GUESSES = 3;

/** How much the nearest three examples of an intent count: one lucky example should not outvote its fellows. */
const NEAREST = [0.5, 0.3, 0.2] as const;

/** Likeness of a text to one intent. */
interface Likeness {
  /** To its nearest examples together. */
  score: number;
  /** To the very nearest. */
  nearest: number;
}

/**
 * Nearest examples by TF-IDF cosine. Pure; building it for 600 examples takes some tens of milliseconds.
 * The numbers of one guess live in arrays that the next one uses again: a new set for each was a sixth of all that the
 * program allocated.
 */
export function createMatcher(intents: Intent[]): Matcher {
  const examples = intents.flatMap((intent, owner) =>
    Object.values(intent.examples)
      .flat()
      .map((text) => ({ owner, features: featuresOf(wordsOf(normalise(text))) })),
  );
  const index = createIndex(examples.map(({ features }) => features));
  const owners = Uint32Array.from(examples, ({ owner }) => owner);
  const kept = new Float64Array(intents.length * NEAREST.length);
  const scores = new Float64Array(intents.length);
  const nearest = new Float64Array(intents.length);

  function weigh(sentence: string[]): void {
    const cosines = index.cosines(featuresOf(sentence));
    kept.fill(0);
    for (let at = 0; at < cosines.length; at++) {
      if (cosines[at]! > 0) keepNearest(kept, owners[at]! * NEAREST.length, cosines[at]!);
    }
    for (let at = 0; at < intents.length; at++) {
      const [first, second, third] = [kept[at * 3]!, kept[at * 3 + 1]!, kept[at * 3 + 2]!];
      const score = NEAREST[0] * first + NEAREST[1] * second + NEAREST[2] * third;
      if (score <= scores[at]!) continue;
      scores[at] = score;
      nearest[at] = first;
    }
  }

  return {
    guess(sentences) {
      scores.fill(0);
      for (const sentence of sentences) weigh(sentence);
      const best = bestOf(scores);
      return best.map((at, place) => {
        const rival = scores[best[place === 0 ? 1 : 0] ?? -1] ?? 0;
        return {
          intent: intents[at]!.code,
          confidence: confidence({ score: scores[at]!, nearest: nearest[at]! }, rival),
        };
      });
    },
  };
}

/** Keeps the three highest from `from` on, highest first. */
function keepNearest(kept: Float64Array, from: number, cosine: number): void {
  if (cosine <= kept[from + 2]!) return;
  let at = from + 2;
  for (; at > from && cosine > kept[at - 1]!; at--) kept[at] = kept[at - 1]!;
  kept[at] = cosine;
}

/** The places of the highest scores, highest first; of equals the earlier. */
function bestOf(scores: Float64Array): number[] {
  const best: number[] = [];
  for (let at = 0; at < scores.length; at++) {
    if (scores[at]! <= 0) continue;
    let place = best.length;
    while (place > 0 && scores[at]! > scores[best[place - 1]!]!) place--;
    if (place < MOST_GUESSES) best.splice(place, 0, at);
    if (best.length > MOST_GUESSES) best.pop();
  }
  return best;
}

/**
 * Likeness is no probability yet. The curve was fitted on 1,031 phrases the examples do not hold, 380 of them off-topic:
 * what is near several examples of one intent and far from the next best is probably right; near one alone, less so.
 */
function confidence({ score, nearest }: Likeness, rival: number): number {
  const odds = -2.7 + 18 * score + 15 * (score - rival) - 7.7 * nearest;
  return Math.round(1000 / (1 + Math.exp(-odds))) / 1000;
}
