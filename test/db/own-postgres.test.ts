import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import pg from "pg";
import { startOwnPostgres, type OwnPostgres } from "#db";

const WITHIN_MS = 10_000;
const ASK_EVERY_MS = 20;

describe("Detour's own PostgreSQL", () => {
  const folder = mkdtempSync(join(tmpdir(), "detour-own-"));
  let own: OwnPostgres;

  beforeAll(async () => {
    own = await startOwnPostgres(folder);
    await ask("create table kept as select 1 as one");
  });
  beforeEach(async () => void (await heldBy(() => true)));
  afterAll(async () => {
    await own.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const postmaster = () => Number(readFileSync(join(folder, "postgres/postmaster.pid"), "utf8").split("\n")[0]);

  async function ask<T extends object>(sql: string): Promise<T[]> {
    const client = new pg.Client({ connectionString: own.url });
    client.on("error", () => {});
    await client.connect();
    try {
      return (await client.query<T>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  /** Waits until a fitting session holds the folder. */
  async function heldBy(fits: (session: number) => boolean): Promise<number> {
    const end = performance.now() + WITHIN_MS;
    for (;;) {
      const [lock] = await ask<{ pid: number }>("select pid from pg_locks where locktype = 'advisory'").catch(() => []);
      if (lock && fits(lock.pid)) return lock.pid;
      if (performance.now() > end) throw new Error("PostgreSQL was not started and held again in time.");
      await pause(ASK_EVERY_MS);
    }
  }

  it("is started again when it is killed, as often as it is killed, and keeps what was committed", async () => {
    for (let kill = 0; kill < 2; kill++) {
      const server = postmaster();
      const session = await heldBy(() => true);
      process.kill(server, "SIGKILL");

      await heldBy((other) => other !== session);
      expect(postmaster()).not.toBe(server);
    }
    expect(await ask("select one from kept")).toEqual([{ one: 1 }]);
  });

  it("is held again when only one of its processes is killed", async () => {
    const session = await heldBy(() => true);
    process.kill(session, "SIGKILL");

    expect(await heldBy((other) => other !== session)).not.toBe(session);
  });

  it("keeps its folder for itself after it was killed", async () => {
    const session = await heldBy(() => true);
    process.kill(postmaster(), "SIGKILL");
    await heldBy((other) => other !== session);

    await expect(startOwnPostgres(folder)).rejects.toThrow("is in use by another Detour");
  });

  it("stays stopped when it is told to stop in the middle of a restart", async () => {
    const client = new pg.Client({ connectionString: own.url });
    client.on("error", () => {});
    await client.connect();
    const broken = new Promise((resolve) => client.once("end", resolve));
    process.kill(postmaster(), "SIGKILL");
    await broken;
    await own.stop();

    await expect(ask("select 1")).rejects.toThrow();

    own = await startOwnPostgres(folder);
    expect(await ask("select one from kept")).toEqual([{ one: 1 }]);
  });
});
