import type { Queries } from "#db";
import type { Instant } from "#kit";

/** What waits in one table that is a queue. */
export interface Backlog {
  queue: "inbox" | "outbox" | "unsettled";
  channel: string;
  rows: number;
  /** Seconds since the oldest has been due. */
  oldestSeconds: number;
}

/** What waits to be worked on, to leave, and to be settled; channels without anything waiting are missing. */
export const readBacklog = (db: Queries, now: Instant): Promise<Backlog[]> =>
  db.query<Backlog>(BACKLOG, [db.tenant, new Date(now)]);

const BACKLOG = `
  select queue, channel, count(*) as rows, greatest(0, extract(epoch from $2::timestamptz - min(since)))::float8 as "oldestSeconds"
  from (
    select 'inbox' as queue, channel, received_at as since from inbox where tenant = $1 and processed_at is null
    union all
    select 'outbox', channel, send_at from message where tenant = $1 and status = 'queued' and send_at <= $2
    union all
    select 'unsettled', channel, claimed_at from message
    where tenant = $1 and status in ('sending', 'unclear') and claimed_by is not null
  ) as waiting
  group by queue, channel`;

/** Who waits on the telephone in one queue. */
export interface Line {
  queue: string;
  calls: number;
  callbacks: number;
}

/** Every queue with its callers and promised callbacks. */
export const readLines = (db: Queries): Promise<Line[]> => db.query<Line>(LINES, [db.tenant]);

const LINES = `
  select code as queue,
    (select count(*) from call where tenant = $1 and queue = code and status = 'waiting') as calls,
    (select count(*) from callback where tenant = $1 and queue = code and status = 'waiting') as callbacks
  from queue where tenant = $1`;
