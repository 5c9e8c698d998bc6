import { between, messageOf, millis, type Cancel, type Clock, type Instant } from "#kit";
import type { Topic, Wakes } from "#db";

/** Drives a table that is a queue: does what is there and says when more falls due. */
export interface Pump {
  readonly name: string;
  /** Hints that there may be work. */
  readonly wokenBy: Topic[];
  /** Does some of what is due now. Answers how much: 0 means nothing was due. */
  work(): Promise<number>;
  /** When something falls due by itself; null when nothing is planned. */
  nextDueAt(): Promise<Instant | null>;
}

export interface RunningPumps {
  /** Lets work under way end, starts none. */
  stop(): Promise<void>;
}

interface Log {
  error(fields: object, words: string): void;
}

const SAFETY_NET = millis(1000);
const AFTER_ERROR = millis(500);

/** What the loops need. */
interface PumpDeps {
  clock: Clock;
  wakes: Wakes;
  log: Log;
  /** Hears of every failure, for whoever counts them. */
  failed?: (pump: string) => void;
}

/** Runs each pump in a loop of its own: woken by hints and timers, with polling as a safety net. */
export function runPumps(pumps: Pump[], { clock, wakes, log, failed }: PumpDeps): RunningPumps {
  let stopping = false;
  const loops = pumps.map((pump) => {
    const bell = createBell(clock);
    for (const topic of pump.wokenBy) wakes.on(topic, bell.ring);
    return { bell, done: loop(pump, bell) };
  });

  async function loop(pump: Pump, bell: Bell) {
    while (!stopping) {
      bell.clear();
      try {
        while (!stopping && (await pump.work()) > 0);
        if (!stopping) await bell.wait(untilDue(clock.now(), await pump.nextDueAt()));
      } catch (error) {
        log.error({ pump: pump.name, error: messageOf(error) }, "a pump failed and goes on in half a second");
        failed?.(pump.name);
        if (!stopping) await bell.wait(AFTER_ERROR);
      }
    }
  }

  return {
    async stop() {
      stopping = true;
      for (const { bell } of loops) bell.ring();
      await Promise.all(loops.map(({ done }) => done));
    },
  };
}

const untilDue = (now: Instant, dueAt: Instant | null) =>
  dueAt === null ? SAFETY_NET : millis(Math.min(SAFETY_NET, Math.max(1, between(now, dueAt))));

type Bell = ReturnType<typeof createBell>;

/** Remembers a ring that comes while nobody waits, so that no hint is lost between work and sleep. */
function createBell(clock: Clock) {
  let rung = false;
  let wakeUp: (() => void) | null = null;
  return {
    clear: () => void (rung = false),
    ring() {
      rung = true;
      wakeUp?.();
    },
    wait: (most: ReturnType<typeof millis>) =>
      new Promise<void>((resolve) => {
        if (rung) return resolve();
        let cancel: Cancel = () => {};
        wakeUp = () => {
          wakeUp = null;
          cancel();
          resolve();
        };
        cancel = clock.after(most, () => wakeUp?.());
      }),
  };
}
