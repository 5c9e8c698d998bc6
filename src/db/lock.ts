import type { Database } from "./database.ts";

/** Something only one process of all may do, for as long as it holds this. */
export interface Lock {
  /** False once the connection that held it is gone: somebody else may have it. */
  isHeld(): boolean;
  release(): Promise<void>;
}

/** Takes the lock of this name on a connection of its own; null when another process has it. */
export async function takeLock(db: Database, name: string): Promise<Lock | null> {
  const connection = await db.connect();
  let held = true;
  connection.once("end", () => (held = false));
  const release = async () => {
    held = false;
    await connection.end().catch(() => {});
  };
  try {
    const { rows } = await connection.query<{ taken: boolean }>(TAKE, [`${db.tenant} ${name}`]);
    if (rows[0]?.taken) return { isHeld: () => held, release };
  } catch (error) {
    await release();
    throw error;
  }
  await release();
  return null;
}

const TAKE = "select pg_try_advisory_lock(hashtextextended($1, 7305012)) as taken";
