import { setImmediate as turn } from "node:timers/promises";
import type { Cancel } from "#kit";

/** Counts work that is really under way, so that a test with a standing clock knows when to look. */
export interface InFlight {
  readonly count: number;
  /** One more piece of work; call the result when it is over (twice is harmless). */
  begin(): () => void;
  /** Counts this promise until it settles. */
  track<T>(work: Promise<T>): Promise<T>;
  /** What waits for the clock: not under way, and yet not over. */
  readonly held: number;
  /** Holds until `wait` is over. */
  hold(wait: Promise<void>): Promise<void>;
  /** Calls as soon as something is held, at once when something is. */
  onHeld(listener: () => void): Cancel;
  /** Resolves when nothing is under way and stays so for a few turns of the event loop. */
  idle(): Promise<void>;
}

/** Turns of the event loop that a byte may need from one end of a loopback socket to the other. */
const QUIET_TURNS = 5;

export function createInFlight(): InFlight {
  let count = 0;
  let waiting: (() => void)[] = [];
  let held = 0;
  const holdListeners = new Set<() => void>();

  const begin = () => {
    let over = false;
    count += 1;
    return () => {
      if (over) return;
      over = true;
      count -= 1;
      if (count > 0) return;
      const ready = waiting;
      waiting = [];
      for (const resolve of ready) resolve();
    };
  };

  const quiet = async () => {
    for (let turns = 0; turns < QUIET_TURNS; turns += 1) {
      await turn();
      if (count > 0) return false;
    }
    return true;
  };

  return {
    get count() {
      return count;
    },
    get held() {
      return held;
    },
    async hold(wait) {
      held += 1;
      for (const listener of holdListeners) listener();
      await wait;
      held -= 1;
    },
    onHeld(listener) {
      if (held > 0) listener();
      holdListeners.add(listener);
      return () => holdListeners.delete(listener);
    },
    begin,
    async track(work) {
      const end = begin();
      try {
        return await work;
      } finally {
        end();
      }
    },
    async idle() {
      do {
        if (count > 0) await new Promise<void>((resolve) => waiting.push(resolve));
      } while (!(await quiet()));
    },
  };
}
