import type { Guess, Intent } from "../turn.ts";
import { createIndex } from "./examples-index.ts";
import { featuresOf } from "./features.ts";
import { normalise } from "./normalise.ts";
import { wordsOf } from "./words.ts";

/** Compares what was said with the examples of every intent. */
export interface Matcher {
  /** Best first; several sentences of one burst are weighed separately and the best of each intent counts. */
  guess(sentences: string[][]): Guess[];
}

/** How much the nearest three examples of an intent count: one lucky example should not outvote its fellows. */
const NEAREST = [0.5, 0.3, 0.2] as const;

/** Likeness of a text to one intent. */
interface Likeness {
  /** To its nearest examples together. */
  score: number;
  /** To the very nearest. */
  nearest: number;
}

/** Nearest examples by TF-IDF cosine. Pure; building it for 600 examples takes some tens of milliseconds. */
export function createMatcher(intents: Intent[]): Matcher {
  const examples = intents.flatMap((intent, owner) =>
    Object.values(intent.examples)
      .flat()
      .map((text) => ({ owner, features: featuresOf(wordsOf(normalise(text))) })),
  );
  const index = createIndex(examples.map(({ features }) => features));
  const owners = examples.map(({ owner }) => owner);

  const weigh = (sentence: string[]): Likeness[] => {
    const nearest = intents.map(() => [0, 0, 0]);
    const cosines = index.cosines(featuresOf(sentence));
    for (let at = 0; at < cosines.length; at++) {
      if (cosines[at]! > 0) keepNearest(nearest[owners[at]!]!, cosines[at]!);
    }
    return nearest.map(likenessOf);
  };

  return { guess: (sentences) => ranked(intents, bestOf(intents, sentences.map(weigh))) };
}

const likenessOf = ([first, second, third]: number[]): Likeness => ({
  score: NEAREST[0] * first! + NEAREST[1] * second! + NEAREST[2] * third!,
  nearest: first!,
});

/** Keeps the three highest, highest first. */
function keepNearest(kept: number[], cosine: number): void {
  if (cosine <= kept[2]!) return;
  kept[2] = cosine;
  if (cosine > kept[1]!) [kept[1], kept[2]] = [cosine, kept[1]!];
  if (cosine > kept[0]!) [kept[0], kept[1]] = [cosine, kept[0]!];
}

function bestOf(intents: Intent[], sentences: Likeness[][]): Likeness[] {
  const none: Likeness = { score: 0, nearest: 0 };
  return intents.map((_, at) =>
    sentences.reduce((best, sentence) => (sentence[at]!.score > best.score ? sentence[at]! : best), none),
  );
}

function ranked(intents: Intent[], likeness: Likeness[]): Guess[] {
  const order = [...likeness.keys()].filter((at) => likeness[at]!.score > 0);
  order.sort((a, b) => likeness[b]!.score - likeness[a]!.score);
  const scores = order.map((at) => likeness[at]!.score);
  return order.map((at, place) => {
    const rival = (place === 0 ? scores[1] : scores[0]) ?? 0;
    return { intent: intents[at]!.code, confidence: confidence(likeness[at]!, rival) };
  });
}

/**
 * Likeness is no probability yet. The curve was fitted on 1,031 phrases the examples do not hold, 380 of them off-topic:
 * what is near several examples of one intent and far from the next best is probably right; near one alone, less so.
 */
function confidence({ score, nearest }: Likeness, rival: number): number {
  const odds = -2.7 + 18 * score + 15 * (score - rival) - 7.7 * nearest;
  return Math.round(1000 / (1 + Math.exp(-odds))) / 1000;
}
