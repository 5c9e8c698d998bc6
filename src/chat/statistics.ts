import type { Database } from "#db";

/** The columns that plans depend on; texts and documents would only make the look slow. */
const COLUMNS = [
  "message (tenant, id, conversation_id, channel, provider_id, status, send_at, claimed_at)",
  "conversation (tenant, id, contact_id, channel, owner, closed_at, operator_id)",
  "inbox (tenant, channel, account, dedupe, lane, id, processed_at)",
  "identity (tenant, channel, address, contact_id)",
  "contact (tenant, id)",
  "send_pace (tenant, key)",
  "due_conversation (tenant, conversation_id, due_at)",
];

/** Reads 3,000 rows of each table, not 30,000: a look at the whole of a young table took a fifth of a second. */
const SMALL_SAMPLE = "set local default_statistics_target = 10";

/** The size of `message` at which the first look is worth it: some hundred rows. */
export const FIRST_LOOK = 128 * 1024;
const GROWTH = 4;
const LAST = 64 * 1024 * 1024;

/**
 * Has the planner look at our tables while they grow from nothing. PostgreSQL does it by itself only once a minute,
 * and plans made for an empty table read all of a full one. Answers the size for the next look; null when it is big
 * enough for PostgreSQL's own rhythm.
 */
export async function learnSizes(db: Database, next: number): Promise<number | null> {
  const [table] = await db.query<{ size: number; analysed: boolean }>(
    "select pg_relation_size(oid) as size, reltuples > 1000 as analysed from pg_class where oid = 'message'::regclass",
  );
  const { size, analysed } = table!;
  if (size >= LAST || (next === FIRST_LOOK && analysed)) return null;
  if (size < next) return next;
  for (const columns of COLUMNS) await look(db, columns);
  return size * GROWTH;
}

/** Each table in a transaction of its own, so that nobody waits for the look at another. */
const look = (db: Database, columns: string): Promise<void> =>
  db.tx(async (tx) => {
    await tx.query(SMALL_SAMPLE);
    await tx.query(`analyze ${columns}`);
  });
