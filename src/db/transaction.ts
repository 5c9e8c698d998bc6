import type pg from "pg";
import type { Tx } from "./database.ts";
import { asDatabaseError, isAnswer } from "./errors.ts";
import { run } from "./statement.ts";

/**
 * One transaction on a connection of the pool. A connection goes back into the pool only when the server has said
 * that nothing is under way on it; one that kept silent is thrown away, because the next user would wait behind it.
 */
export async function transaction<T>(pool: pg.Pool, tenant: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  const session = await openSession(pool);
  const afterCommit: (() => void)[] = [];
  let result: T;
  try {
    await session.query("begin");
    result = await work({ tenant, query: session.query, afterCommit: (later) => void afterCommit.push(later) });
    await session.commit();
  } catch (error) {
    await session.undo();
    throw error;
  } finally {
    session.end();
  }
  for (const later of afterCommit) later();
  return result;
}

async function openSession(pool: pg.Pool) {
  const client = await pool.connect().catch((error: unknown) => {
    throw asDatabaseError(error);
  });
  /** Why the connection cannot be used again. */
  let silent: Error | undefined;
  let ended = false;

  async function watched<R>(statement: Promise<R>): Promise<R> {
    try {
      return await statement;
    } catch (error) {
      if (!isAnswer(error)) silent = error as Error;
      throw asDatabaseError(error);
    }
  }

  return {
    async query<Row extends object>(text: string, values?: unknown[]): Promise<Row[]> {
      if (ended) throw new Error("The transaction of this statement has ended; wait for all its work before it ends.");
      return await watched(run<Row>(client, text, values));
    },
    async commit() {
      const { command } = await watched(client.query("commit"));
      // PostgreSQL answers a commit after a failed statement with a rollback, not with an error.
      if (command === "ROLLBACK") throw new Error("The transaction was rolled back because a statement in it failed.");
    },
    /** A rollback behind a statement that nobody answered would only wait as long again. */
    async undo() {
      ended = true;
      if (!silent) await watched(client.query("rollback")).catch(() => {});
    },
    end() {
      ended = true;
      client.release(silent);
    },
  };
}
