import type { Database } from "#db";
import type { Pump } from "#jobs";
import { between, seconds, type Clock, type Instant } from "#kit";
import { beat, EARS } from "./settle-store.ts";

const BEAT_EVERY = seconds(2);

/** Runs where webhooks are answered, and says so: a process without ears of its own asks before it takes silence for a no. */
export function createEars({ back, clock }: { back: Database; clock: Clock }): Pump {
  let beatAt: Instant | null = null;
  return {
    name: "ears",
    wokenBy: [],
    async work() {
      const now = clock.now();
      if (beatAt !== null && between(beatAt, now) < BEAT_EVERY) return 0;
      await beat(back, EARS, now);
      beatAt = now;
      return 0;
    },
    nextDueAt: async () => null,
  };
}
