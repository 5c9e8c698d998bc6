import { between, instant, seconds, type Clock, type Instant } from "#kit";
import type { Queries } from "#db";
import type { Caller } from "./caller.ts";
import { expectedWait, handlingTime, learnedImpatience, type WaitEstimate } from "./core/ewt.ts";

/** Where a caller stands: the place counts calls and promised callbacks by their first time in the queue. */
export interface Place {
  /** 1 = next. */
  place: number;
  size: number;
}

/** Counts places and estimates waits. */
export interface Waiting {
  place(queries: Queries, caller: Pick<Caller, "callId" | "queue" | "enqueuedAt">): Promise<Place>;
  expect(queries: Queries, queue: string, ahead: number): Promise<WaitEstimate>;
  /** The wait a caller who arrives now would have. */
  expectForNew(queries: Queries, queue: string): Promise<{ waiting: number; estimate: WaitEstimate }>;
}

export interface WaitingDeps {
  clock: Clock;
  staff: { online(queries: Queries): Promise<number> };
  settings: { TALK_SECONDS: number };
}

interface HourRow {
  talks: number;
  talkSeconds: number;
  dayTalks: number;
  dayTalkSeconds: number;
  abandons: number;
  waitedSeconds: number;
}

/** How long the last hour's figures of a queue serve: they move slowly and are asked for at every step of a call. */
const FRESH = seconds(5);

export function createWaiting({ clock, staff, settings }: WaitingDeps): Waiting {
  const known = new Map<string, { at: Instant; rates: { handleSeconds: number; impatience: number } }>();

  async function rates(queries: Queries, queue: string) {
    const now = clock.now();
    const cached = known.get(queue);
    if (cached && between(cached.at, now) < FRESH) return cached.rates;
    const [row] = await queries.query<HourRow>(LAST_HOURS, [queries.tenant, queue, new Date(now)]);
    const hour = { count: row!.talks, meanSeconds: row!.talkSeconds };
    const day = { count: row!.dayTalks, meanSeconds: row!.dayTalkSeconds };
    const fresh = {
      handleSeconds: handlingTime(hour, day, settings.TALK_SECONDS),
      impatience: learnedImpatience(row!),
    };
    known.set(queue, { at: now, rates: fresh });
    return fresh;
  }

  async function expect(queries: Queries, queue: string, ahead: number) {
    const { handleSeconds, impatience } = await rates(queries, queue);
    return expectedWait({ ahead, operators: await staff.online(queries), handleSeconds, impatience });
  }

  return {
    expect,
    async place(queries, { callId, queue, enqueuedAt }) {
      const [row] = await queries.query<{ ahead: number; size: number }>(PLACE, [
        queries.tenant,
        queue,
        new Date(enqueuedAt),
        callId,
      ]);
      return { place: row!.ahead + 1, size: Math.max(row!.size, row!.ahead + 1) };
    },
    async expectForNew(queries, queue) {
      const far = new Date(instant(8.64e15));
      const [row] = await queries.query<{ size: number }>(PLACE, [
        queries.tenant,
        queue,
        far,
        "ffffffff-ffff-ffff-ffff-ffffffffffff",
      ]);
      return { waiting: row!.size, estimate: await expect(queries, queue, row!.size) };
    },
  };
}

const PLACE = `
  select (select count(*) from call where tenant = $1 and queue = $2 and status = 'waiting' and (enqueued_at, id) < ($3, $4))
       + (select count(*) from callback where tenant = $1 and queue = $2 and status in ('waiting', 'operator-ringing') and enqueued_at < $3) as ahead,
         (select count(*) from call where tenant = $1 and queue = $2 and status = 'waiting')
       + (select count(*) from callback where tenant = $1 and queue = $2 and status in ('waiting', 'operator-ringing')) as size`;

const LAST_HOURS = `
  select count(*) filter (where hour and connected_at is not null) as talks,
         coalesce(avg(extract(epoch from ended_at - connected_at)) filter (where hour and connected_at is not null), 0)::float8 as "talkSeconds",
         count(*) filter (where connected_at is not null) as "dayTalks",
         coalesce(avg(extract(epoch from ended_at - connected_at)) filter (where connected_at is not null), 0)::float8 as "dayTalkSeconds",
         count(*) filter (where hour and end_reason = 'abandoned') as abandons,
         coalesce(sum(extract(epoch from coalesce(connected_at, ended_at) - enqueued_at)) filter (where hour), 0)::float8 as "waitedSeconds"
  from (
    select connected_at, ended_at, enqueued_at, end_reason, ended_at > $3::timestamptz - interval '1 hour' as hour
    from call where tenant = $1 and queue = $2 and ended_at > $3::timestamptz - interval '24 hours' and enqueued_at is not null
      and end_reason is distinct from 'lost-contact'
  ) as ended`;
