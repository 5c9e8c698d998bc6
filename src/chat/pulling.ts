import { takeLock, type Database, type Lock } from "#db";
import type { Pump } from "#jobs";
import { instant, later, seconds, type Clock, type Instant } from "#kit";
import type { Channel, ChannelEvent, Pull } from "./channel.ts";
import type { Log } from "./log.ts";

interface Deps {
  back: Database;
  clock: Clock;
  log: Log;
  channel: Channel;
  pull: Pull;
  /** Stores events through the same door as webhooks. */
  keep(channel: Channel, events: ChannelEvent[]): Promise<void>;
}

/** After trouble, and while another process asks. */
const PAUSE = seconds(2);

/**
 * Asks a provider for news where it cannot call us. One process asks for each account: it holds a lock, and goes on by
 * itself until the account is gone, the lock is lost or something fails; then the pump begins anew.
 */
export function createPulling({ back, clock, log, channel, pull, keep }: Deps) {
  /** Accounts being asked for, or that may not be before this time. */
  const asking = new Map<string, "asking" | { notBefore: Instant }>();
  const storing = new Set<Promise<void>>();

  const isDue = (account: string): boolean => {
    const state = asking.get(account);
    return state === undefined || (state !== "asking" && state.notBefore <= clock.now());
  };

  function begin(account: string): void {
    asking.set(account, "asking");
    void listen(account)
      .catch((error: unknown) => {
        log.warn({ channel: channel.name, error: error instanceof Error ? error.name : "unknown" }, TROUBLE);
      })
      .finally(() => asking.set(account, { notBefore: later(clock.now(), PAUSE) }));
  }

  async function listen(account: string): Promise<void> {
    const lock = await takeLock(back, `${channel.name} ${account}`);
    if (!lock) return;
    try {
      while (isWanted(account, lock)) await pull.next(account, store);
    } finally {
      await lock.release();
    }
  }

  const isWanted = (account: string, lock: Lock) => lock.isHeld() && pull.accounts().includes(account);

  async function store(events: ChannelEvent[]): Promise<void> {
    const work = keep(channel, events);
    storing.add(work);
    await work.finally(() => storing.delete(work));
  }

  const pump: Pump = {
    name: `news of ${channel.name}`,
    wokenBy: ["connections"],
    async work() {
      for (const account of pull.accounts().filter(isDue)) begin(account);
      return 0;
    },
    async nextDueAt() {
      const pauses = [...asking.values()].flatMap((state) => (state === "asking" ? [] : [state.notBefore]));
      return pauses.length === 0 ? null : instant(Math.min(...pauses));
    },
  };
  return {
    pump,
    /** Resolves when nothing that has come is still being stored. */
    async idle() {
      await Promise.allSettled(storing);
    },
  };
}

const TROUBLE = "asking a provider for news failed; it is asked again in two seconds";
