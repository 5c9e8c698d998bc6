import type { Database } from "#db";

/** One process at a time has an account: the lock lives as long as a connection of its own to the database. */
export interface Held {
  release(): Promise<void>;
}

const TAKE = "select pg_try_advisory_lock(hashtextextended($1, 7305014)) as taken";

/** Takes the lock; null when another process has it. `onLost` is called when the database or the way to it is gone. */
export async function takeLock(db: Database, name: string, onLost: () => void): Promise<Held | null> {
  const client = await db.connect();
  let released = false;
  client.once("end", () => {
    if (!released) onLost();
  });
  const release = async () => {
    released = true;
    await client.end().catch(() => {});
  };
  try {
    const { rows } = await client.query<{ taken: boolean }>(TAKE, [`${db.tenant} whatsapp-web ${name}`]);
    if (rows[0]?.taken) return { release };
  } catch (error) {
    await release();
    throw error;
  }
  await release();
  return null;
}

const LOOK = `
  select exists (
    select 1 from pg_locks where locktype = 'advisory' and granted
      and database = (select oid from pg_database where datname = current_database())
      and (classid::bigint << 32 | objid::bigint) = hashtextextended($1, 7305014)) as held`;

/** Whether any process has it. */
export async function isHeld(db: Pick<Database, "query" | "tenant">, name: string): Promise<boolean> {
  const [row] = await db.query<{ held: boolean }>(LOOK, [`${db.tenant} whatsapp-web ${name}`]);
  return row?.held === true;
}
