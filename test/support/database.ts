import pg from "pg";
import { inject } from "vitest";
import { openDatabase, type Database } from "#db";

/** A database of one test file. */
export interface FreshDatabase extends Database {
  url: string;
  /** Closes the pool and drops the database. */
  drop(): Promise<void>;
}

let count = 0;

/** A migrated, empty database of its own. */
export async function freshDatabase(options: { connections?: number } = {}): Promise<FreshDatabase> {
  const template = new URL(inject("postgresUrl"));
  const name = `test_${process.pid}_${count++}_${Date.now()}`;
  await admin(template, `create database ${name} template detour`);
  const url = Object.assign(new URL(template), { pathname: `/${name}` }).href;
  const db = openDatabase({ url, tenant: "main", connections: options.connections ?? 6, queryTimeoutMs: 10_000 });
  return Object.assign(db, {
    url,
    async drop() {
      await db.prisma.$disconnect();
      await db.close();
      await admin(template, `drop database ${name} with (force)`);
    },
  });
}

async function admin(template: URL, sql: string) {
  const url = Object.assign(new URL(template), { pathname: "/postgres" }).href;
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {});
  await client.connect();
  try {
    await client.query("select pg_advisory_lock(7305009)");
    await client.query(sql);
  } finally {
    await client.end();
  }
}
