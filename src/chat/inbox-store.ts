import { storableText, type Instant } from "#kit";
import { recordEvents, type Queries, type Tx } from "#db";
import type { ChannelEvent } from "./channel.ts";

/** One thing a provider told us, as it is stored before it is answered. */
export interface NewInboxRow {
  id: string;
  channel: string;
  event: ChannelEvent;
  receivedAt: Instant;
}

/** The same, waiting to be worked on. */
export interface InboxRow extends NewInboxRow {
  account: string;
  lane: string;
  dedupe: string;
  attempts: number;
}

const INSERT = `
  insert into inbox (tenant, channel, account, dedupe, id, lane, event, received_at)
  select $1, channel, event ->> 'account', event ->> 'dedupe', id, event ->> 'lane', event, to_timestamp("receivedAt" / 1000.0)
  from jsonb_to_recordset($2::jsonb) as t (id uuid, channel text, event jsonb, "receivedAt" double precision)
  on conflict do nothing`;

/** Stores what is new; repeats are recognised by the provider's own id of each event. */
export async function insertInbox(queries: Queries, rows: NewInboxRow[]): Promise<void> {
  await queries.query(INSERT, [queries.tenant, storableText(rows)]);
}

/**
 * A lane is one customer's stream of events at a provider; who holds its lock works on it alone. The look is bounded
 * however much waits: it reads a stretch of the index behind `after`, not all that is pending.
 */
const LANES = `
  select lane from (
    select distinct lane from (
      select lane from inbox where tenant = $1 and processed_at is null and lane > $2 order by lane, id limit $4
    ) stretch
    order by lane
  ) waiting
  where pg_try_advisory_xact_lock(hashtextextended($1 || ' ' || lane, 7305011))
  limit $3`;

/** Locks up to `most` lanes with waiting events, in the order of their names, beginning behind `after`. */
export async function takeLanes(tx: Tx, after: string, most: number): Promise<string[]> {
  const rows = await tx.query<{ lane: string }>(LANES, [tx.tenant, after, most, most * 4]);
  return rows.map(({ lane }) => lane);
}

/** Locks one lane; false when somebody else works on it. */
export async function takeLane(tx: Tx, lane: string): Promise<boolean> {
  const [row] = await tx.query<{ taken: boolean }>(
    "select pg_try_advisory_xact_lock(hashtextextended($1 || ' ' || $2, 7305011)) as taken",
    [tx.tenant, lane],
  );
  return row!.taken;
}

const PENDING = `
  select id, channel, account, lane, dedupe, event, received_at as "receivedAt", attempts
  from inbox
  where tenant = $1 and lane = any ($2::text[]) and processed_at is null
  order by lane, id limit $3`;

/** What waits in these lanes. A statement of its own: its snapshot is younger than the locks. */
export const pendingIn = (tx: Tx, lanes: string[], most: number): Promise<InboxRow[]> =>
  tx.query<InboxRow>(PENDING, [tx.tenant, lanes, most]);

/** By the place of each row, found by its whole key: a join may be planned as a read of everything we ever heard. */
const FINISH = `
  update inbox set processed_at = $2
  where ctid = any (array(
    select found.place
    from unnest($3::text[], $4::text[], $5::text[]) as done (channel, account, dedupe)
    cross join lateral (
      select i.ctid as place from inbox i
      where i.tenant = $1 and i.channel = done.channel and i.account = done.account and i.dedupe = done.dedupe
      offset 0) found))`;

/** Marks these as worked on. */
export async function finish(tx: Tx, rows: InboxRow[], at: Instant): Promise<void> {
  const columns = [rows.map((row) => row.channel), rows.map((row) => row.account), rows.map((row) => row.dedupe)];
  await tx.query(FINISH, [tx.tenant, new Date(at), ...columns]);
}

const MOST_TRIES = 5;

const FAILED = `
  update inbox set attempts = attempts + 1, error = $5,
    processed_at = case when attempts + 1 >= ${MOST_TRIES} then $6::timestamptz end
  where tenant = $1 and channel = $2 and account = $3 and dedupe = $4 and processed_at is null
  returning attempts`;

/** Counts a failure; after five the event is set aside, so that it delays only itself. True when it was. */
export async function noteFailure(tx: Tx, row: InboxRow, words: string, at: Instant): Promise<boolean> {
  const [counted] = await tx.query<{ attempts: number }>(FAILED, [
    tx.tenant,
    row.channel,
    row.account,
    row.dedupe,
    words.slice(0, 500),
    new Date(at),
  ]);
  if (!counted || counted.attempts < MOST_TRIES) return false;
  await recordEvents(tx, [
    { at, kind: "inbox.quarantined", data: { event: row.event.kind, id: row.id, attempts: counted.attempts } },
  ]);
  return true;
}
