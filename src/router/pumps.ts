import type { Database } from "#db";
import type { Pump } from "#jobs";
import { instant, later, messageOf, seconds, type CallId, type Clock, type Instant } from "#kit";
import { overdue } from "./core/deflection.ts";
import { quiet, sample, type PeakMode } from "./core/peak-mode.ts";
import { loadDeflection } from "./deflections.ts";
import type { Deflector } from "./deflector.ts";
import type { Waiting } from "./waiting.ts";

interface Log {
  error(fields: object, words: string): void;
}

export interface PumpDeps {
  db: Database;
  clock: Clock;
  deflector: Deflector;
  waiting: Waiting;
  log: Log;
}

const AT_ONCE = 50;
const AFTER_ERROR = seconds(5);

/** Tells deflections whose time has come: probes that are overdue, patience that ran out. */
export function deflectionPump({ db, clock, deflector, log }: PumpDeps): Pump {
  const tellOverdue = (callId: CallId) =>
    db.tx(async (tx) => {
      const row = await loadDeflection(tx, callId);
      if (row?.dueAt && row.dueAt <= clock.now()) await deflector.tellRow(tx, row, overdue(row.state));
    });

  return {
    name: "deflections",
    wokenBy: ["deflections"],
    async work() {
      const due = await db.query<{ callId: CallId }>(DUE, [db.tenant, new Date(clock.now()), AT_ONCE]);
      for (const { callId } of due) {
        await tellOverdue(callId).catch(async (error: unknown) => {
          log.error(
            { callId, error: messageOf(error) },
            "a deflection could not go on and is tried again in five seconds",
          );
          await db.query(POSTPONE, [db.tenant, callId, new Date(later(clock.now(), AFTER_ERROR))]);
        });
      }
      return due.length;
    },
    async nextDueAt() {
      const [row] = await db.query<{ at: Instant | null }>(NEXT, [db.tenant]);
      return row?.at ?? null;
    },
  };
}

const DUE = `select call_id as "callId" from deflection where tenant = $1 and due_at <= $2 order by due_at limit $3`;
const NEXT = `select min(due_at) as at from deflection where tenant = $1 and due_at is not null`;
const POSTPONE = `update deflection set due_at = $3 where tenant = $1 and call_id = $2 and due_at is not null`;

const SAMPLE_EVERY = seconds(5);

interface SampledQueue {
  code: string;
  state: Partial<PeakMode> | null;
}

/** Samples the wait of each queue that has callers (or is still at its peak) for the smoothed peak mode. */
export function peakPump({ db, clock, waiting }: PumpDeps): Pump {
  async function sampleQueue({ code, state }: SampledQueue, now: Instant) {
    const before = state?.sampledAt === undefined ? quiet(now) : (state as PeakMode);
    const { estimate } = await waiting.expectForNew(db, code);
    const after = sample(before, estimate.seconds, now);
    await db.query(SAVE, [db.tenant, code, JSON.stringify(after)]);
    if (after.on !== before.on)
      await db.query(CHANGED, [
        db.tenant,
        new Date(now),
        after.on ? "peak.began" : "peak.ended",
        JSON.stringify({ queue: code, smoothedSeconds: after.smoothedSeconds }),
      ]);
  }

  return {
    name: "peak",
    wokenBy: [],
    async work() {
      const now = clock.now();
      const queues = await db.query<SampledQueue>(BUSY, [db.tenant, instant(now - SAMPLE_EVERY)]);
      for (const queue of queues) await sampleQueue(queue, now);
      return queues.length;
    },
    nextDueAt: async () => null,
  };
}

const BUSY = `
  select q.code, p.state from queue q left join peak_mode p on p.tenant = q.tenant and p.queue = q.code
  where q.tenant = $1 and coalesce((p.state ->> 'sampledAt')::float8, 0) <= $2
    and (coalesce((p.state ->> 'smoothedSeconds')::float8, 0) > 1
      or exists (select 1 from call c where c.tenant = q.tenant and c.queue = q.code and c.status = 'waiting'))`;

const SAVE = `
  insert into peak_mode (tenant, queue, state) values ($1, $2, $3::jsonb)
  on conflict (tenant, queue) do update set state = peak_mode.state || excluded.state`;

const CHANGED = `insert into event (tenant, at, kind, data) values ($1, $2, $3, $4::jsonb)`;
