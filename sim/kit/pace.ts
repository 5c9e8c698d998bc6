import { millis, type Clock, type Millis } from "#kit";

/** So many ms apart, with a burst ahead of time. */
export interface Pace {
  everyMs: number;
  burst: number;
}

/** Counts what a provider lets pass, each key on its own. */
export interface Paces {
  /** Null when it may pass, which is counted; else how long to wait. */
  wait(key: string, pace: Pace): Millis | null;
}

export function createPaces(clock: Clock): Paces {
  const freeAt = new Map<string, number>();
  return {
    wait(key, { everyMs, burst }) {
      const now = clock.now();
      const next = Math.max(freeAt.get(key) ?? 0, now) + everyMs;
      const tooSoonBy = next - (now + everyMs * burst);
      if (tooSoonBy > 0) return millis(tooSoonBy);
      freeAt.set(key, next);
      return null;
    },
  };
}
