import { setImmediate as turn } from "node:timers/promises";

/** Counts work that is really under way, so that a test with a standing clock knows when to look. */
export interface InFlight {
  readonly count: number;
  /** One more piece of work; call the result when it is over (twice is harmless). */
  begin(): () => void;
  /** Counts this promise until it settles. */
  track<T>(work: Promise<T>): Promise<T>;
  /** Resolves when nothing is under way and stays so for a few turns of the event loop. */
  idle(): Promise<void>;
}

/** Turns of the event loop that a byte may need from one end of a loopback socket to the other. */
const QUIET_TURNS = 5;

export function createInFlight(): InFlight {
  let count = 0;
  let waiting: (() => void)[] = [];

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
