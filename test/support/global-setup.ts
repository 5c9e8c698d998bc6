import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { systemClock } from "#kit";
import { createWakes, migrate, openDatabase, startOwnPostgres } from "#db";
import { openJobs } from "#jobs";

declare module "vitest" {
  export interface ProvidedContext {
    postgresUrl: string;
  }
}

/** One PostgreSQL for the whole run, with a migrated template that every test file copies. */
export default async function setup(project: TestProject) {
  const folder = mkdtempSync(join(tmpdir(), "detour-test-"));
  const own = await startOwnPostgres(folder);
  project.provide("postgresUrl", own.url);

  const db = openDatabase({ url: own.url, tenant: "main", connections: 2, queryTimeoutMs: 30_000 });
  await migrate(db);
  const wakes = await createWakes(db, systemClock);
  const jobs = await openJobs(db, { clock: systemClock, wakes, log: { error: () => {} }, cron: false });
  await jobs.stop();
  await wakes.close();
  await db.close();

  return async () => {
    await own.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}
