import type { InFlight } from "../../sim/kit/inflight.ts";
import type { Queries } from "#db";
import type { Pump } from "#jobs";

interface Deps {
  db: Queries;
  /** Whose answers may be held back until the clock moves. */
  providers: { inFlight: InFlight }[];
  /** One more stand-in is there that tells nobody what it holds back. */
  hasGuest: boolean;
}

/** Longer than anything real takes: who waits for a guest for so long waits for the clock. */
const STUCK_AFTER_MS = 2000;

/**
 * Waiting with a clock that stands still: a provider that answers slowly answers only when the clock has moved, so
 * whatever waits for such an answer must not be waited for.
 */
export function createPatience({ db, providers, hasGuest }: Deps) {
  const turns = new Map<Pump, Promise<number>>();

  /** What `work` answers; null when it waits for an answer that is held back. */
  async function orHeld<T>(work: Promise<T>): Promise<T | null> {
    const held = Promise.withResolvers<void>();
    const forget = providers.map(({ inFlight }) => inFlight.onHeld(held.resolve));
    if (hasGuest) {
      const timer = setTimeout(held.resolve, STUCK_AFTER_MS);
      forget.push(() => clearTimeout(timer));
    }
    try {
      return await Promise.race([work, held.promise.then(standstill)]);
    } finally {
      for (const cancel of forget) cancel();
    }
  }

  /** Resolves when nothing goes on any more: no request and no statement, looked at twice. */
  async function standstill(): Promise<null> {
    for (let still = 0; still < 2;) {
      await Promise.all(providers.map(({ inFlight }) => inFlight.idle()));
      still = (await isDatabaseIdle()) ? still + 1 : 0;
    }
    return null;
  }

  async function isDatabaseIdle(): Promise<boolean> {
    const [row] = await db.query<{ idle: boolean }>(IDLE);
    return row!.idle;
  }

  return {
    orHeld,
    /** One turn of a pump's work; null when it waits for an answer that is held back, then the next call goes on waiting. */
    turn(pump: Pump): Promise<number | null> {
      const turn = turns.get(pump) ?? pump.work().finally(() => turns.delete(pump));
      turns.set(pump, turn);
      return orHeld(turn);
    },
    isHeld: () => providers.some(({ inFlight }) => inFlight.held > 0),
  };
}

const IDLE = `
  select not exists (
    select 1 from pg_stat_activity
    where backend_type = 'client backend' and datname = current_database() and pid <> pg_backend_pid() and state <> 'idle') as idle`;
