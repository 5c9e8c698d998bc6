import { StartError } from "#kit";
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type pg from "pg";
import type { Database } from "./database.ts";
import { asConnectStartError, asStartError } from "./start-trouble.ts";

const FOLDER = fileURLToPath(new URL("../../prisma/migrations/", import.meta.url));
const ONE_AT_A_TIME = 7_305_001;

/**
 * Applies what is missing, oldest first, each in its own transaction. Answers the names applied.
 * Throws `StartError` when the database cannot be reached, used or trusted.
 */
export async function migrate(db: Database): Promise<string[]> {
  const client = await db.connect().catch((error: unknown) => {
    throw asConnectStartError(error);
  });
  try {
    await refuseUnsafe(client);
    return await applyMissing(client);
  } catch (error) {
    throw asStartError(error);
  } finally {
    await client.end();
  }
}

async function applyMissing(client: pg.Client): Promise<string[]> {
  await client.query("select pg_advisory_lock($1)", [ONE_AT_A_TIME]);
  await client.query(
    "create table if not exists schema_migration (name text primary key, applied_at timestamptz not null default now())",
  );
  const missing = await missingMigrations(client);
  for (const name of missing) await apply(client, name);
  return missing;
}

const names = async () =>
  (await readdir(FOLDER, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();

async function apply(client: pg.Client, name: string) {
  const sql = await readFile(`${FOLDER}${name}/migration.sql`, "utf8");
  await client.query("begin");
  await client.query(sql);
  await client.query("insert into schema_migration (name) values ($1)", [name]);
  await client.query("commit");
}

/** A database that may forget what it confirmed would break the first promise. */
async function refuseUnsafe(client: pg.Client) {
  const [setting] = await unsafeSettings(client);
  if (setting !== undefined)
    throw new StartError(
      `PostgreSQL runs with ${setting} = off and may lose confirmed messages. Set ${setting} = on in postgresql.conf.`,
    );
}

/** Settings of the server that are off although confirmed work depends on them. */
export async function unsafeSettings(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string }>(
    "select name from unnest($1::text[]) as name where current_setting(name) = 'off'",
    [["fsync", "full_page_writes", "synchronous_commit"]],
  );
  return rows.map(({ name }) => name);
}

/** Migrations this database has not seen. */
export async function missingMigrations(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ there: boolean }>(
    "select to_regclass('schema_migration') is not null as there",
  );
  const applied = rows[0]!.there
    ? await client.query<{ name: string }>("select name from schema_migration")
    : { rows: [] };
  const seen = new Set(applied.rows.map(({ name }) => name));
  return (await names()).filter((name) => !seen.has(name));
}
