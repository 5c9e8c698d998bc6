import { statfs } from "node:fs/promises";
import type { Clock } from "#kit";
import type pg from "pg";
import { openDatabase } from "./database.ts";
import { missingMigrations, unsafeSettings } from "./migrate.ts";
import { asConnectStartError, asStartError } from "./start-trouble.ts";

/** What an examination of the database found. */
export interface DatabaseFacts {
  version: string;
  /** 15 for PostgreSQL 15.4. */
  major: number;
  /** Settings that allow it to forget what it confirmed. */
  unsafe: string[];
  /** Migrations that the next start applies. */
  missing: string[];
  sizeBytes: number;
  /** Free on its disk; null when that cannot be seen from here. */
  freeBytes: number | null;
  /** How far this machine's clock is ahead of the database's. */
  aheadMs: number;
}

const PATIENCE_MS = 5000;

/** Looks at a database and changes nothing. Throws `StartError` when it cannot be reached or read. */
export async function examineDatabase(url: string, clock: Clock): Promise<DatabaseFacts> {
  const db = openDatabase({ url, tenant: "", connections: 1, queryTimeoutMs: PATIENCE_MS });
  try {
    const client = await db.connect().catch((error: unknown) => {
      throw asConnectStartError(error);
    });
    return await look(client, clock).finally(() => client.end());
  } catch (error) {
    throw asStartError(error);
  } finally {
    await db.close();
  }
}

async function look(client: pg.Client, clock: Clock): Promise<DatabaseFacts> {
  const asked = clock.now();
  const { rows } = await client.query<{ now: number; version: string; size: number }>(FACTS);
  const answered = clock.now();
  const { now, version, size } = rows[0]!;
  return {
    version,
    major: Number.parseInt(version, 10),
    unsafe: await unsafeSettings(client),
    missing: await missingMigrations(client),
    sizeBytes: size,
    freeBytes: await freeBytes(client),
    aheadMs: (asked + answered) / 2 - now,
  };
}

/** Its folder is told to privileged accounts only, and lies on this machine only sometimes. */
async function freeBytes(client: pg.Client): Promise<number | null> {
  try {
    const { rows } = await client.query<{ folder: string }>("select current_setting('data_directory') as folder");
    const { bavail, bsize } = await statfs(rows[0]!.folder);
    return bavail * bsize;
  } catch {
    return null;
  }
}

const FACTS = `
  select extract(epoch from clock_timestamp())::float8 * 1000 as now, current_setting('server_version') as version,
    pg_database_size(current_database()) as size`;
