/** Chance that can be played again: the same seed gives the same numbers. */
export interface Random {
  /** From 0 (included) to 1 (excluded). */
  next(): number;
  /** A whole number from 0 to `limit - 1`. */
  below(limit: number): number;
  /** True with this probability: never at 0, always at 1. */
  chance(probability: number): boolean;
  /** Mixes in place. */
  shuffle(items: unknown[]): void;
  /** So many lower-case hexadecimal digits. */
  hex(length: number): string;
}

/** A small generator (mulberry32): good enough to shuffle faults, not for secrets. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;

  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);

  return {
    next,
    below,
    chance: (probability) => next() < probability,
    shuffle(items) {
      for (let last = items.length - 1; last > 0; last -= 1) {
        const other = below(last + 1);
        [items[last], items[other]] = [items[other], items[last]];
      }
    },
    hex: (length) => Array.from({ length }, () => below(16).toString(16)).join(""),
  };
}
