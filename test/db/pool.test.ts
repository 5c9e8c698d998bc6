import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { DatabaseGone, openDatabase, type Database } from "#db";
import { asDatabaseError } from "../../src/db/errors.ts";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";
import { openLine, type Line } from "./line.ts";

const TIMEOUT = 500;

describe("the pool", () => {
  let server: FreshDatabase;
  let line: Line;
  let db: Database;

  beforeAll(async () => void (server = await freshDatabase()));
  afterAll(() => server.drop());

  /** One connection only: whatever a failure leaves behind meets the very next statement. */
  beforeEach(async () => {
    line = await openLine(server.url);
    db = openDatabase({ url: line.url, tenant: "main", connections: 1, queryTimeoutMs: TIMEOUT });
  });
  afterEach(async () => {
    line.thaw();
    await db.close();
    await line.close();
  });

  const backend = async (on: Pick<Database, "query">) =>
    (await on.query<{ pid: number }>("select pg_backend_pid() as pid"))[0]!.pid;
  const isFree = async (lock: number) =>
    (await server.query<{ free: boolean }>("select pg_try_advisory_xact_lock($1) as free", [lock]))[0]!.free;
  const inTransaction = async () =>
    (await db.query<{ yes: boolean }>("select now() <> statement_timestamp() as yes"))[0]!.yes;

  it("ends a statement that takes too long at the server as well, and goes on at once", async () => {
    const pid = await backend(db);

    await expect(db.query("select pg_sleep(30)")).rejects.toThrow(DatabaseGone);

    expect(await db.query("select 1 as one")).toEqual([{ one: 1 }]);
    const sleeping = "select 1 from pg_stat_activity where pid = $1 and state = 'active' and query like '%pg_sleep%'";
    await expect.poll(() => server.query(sleeping, [pid])).toEqual([]);
  });

  it("says the same through Prisma, whether the server is slow or silent", async () => {
    await expect(db.prisma.$queryRaw`select 1 from pg_sleep(30)`).rejects.toThrow(DatabaseGone);
    expect(await db.prisma.intent.count()).toBe(0);

    line.freeze();
    await expect(db.prisma.intent.count()).rejects.toThrow(DatabaseGone);
    line.thaw();
    expect(await db.prisma.intent.count()).toBe(0);
  });

  it("keeps no lock of a transaction in which a statement took too long", async () => {
    const slow = db.tx(async (tx) => {
      await tx.query("select pg_advisory_xact_lock(1)");
      await tx.query("select pg_sleep(30)");
    });

    await expect(slow).rejects.toThrow(DatabaseGone);

    await expect.poll(() => isFree(1)).toBe(true);
    expect(await inTransaction()).toBe(false);
  });

  it("throws away a connection on which a statement was never answered, and does not wait for a rollback", async () => {
    let pid = 0;
    const began = performance.now();
    const silent = db.tx(async (tx) => {
      pid = await backend(tx);
      line.freeze();
      await tx.query("select 1");
    });
    await expect(silent).rejects.toThrow(DatabaseGone);
    expect(performance.now() - began).toBeLessThan(2 * TIMEOUT);
    line.thaw();

    expect(await backend(db)).not.toBe(pid);
    expect(await inTransaction()).toBe(false);
  });

  it("throws away a connection whose rollback was never answered", async () => {
    let pid = 0;
    const failing = db.tx(async (tx) => {
      pid = await backend(tx);
      line.freeze();
      throw new Error("the work failed");
    });
    await expect(failing).rejects.toThrow("the work failed");
    line.thaw();

    expect(await db.tx(backend)).not.toBe(pid);
    expect(await inTransaction()).toBe(false);
  });

  it("throws away a connection whose begin was never answered", async () => {
    const pid = await backend(db);
    line.freeze();
    await expect(db.tx(async () => {})).rejects.toThrow(DatabaseGone);
    line.thaw();

    expect(await db.tx(backend)).not.toBe(pid);
  });

  it("calls a transaction failed when one of its statements failed, even if its work went on", async () => {
    let told = false;
    const quiet = db.tx(async (tx) => {
      tx.afterCommit(() => void (told = true));
      await tx.query("select 1 / 0").catch(() => {});
    });

    await expect(quiet).rejects.toThrow("rolled back");
    expect(told).toBe(false);
  });

  it("refuses statements of work that goes on after its transaction has ended", async () => {
    const late = Promise.withResolvers<unknown>();
    const gate = Promise.withResolvers<void>();
    const failing = db.tx(async (tx) => {
      void gate.promise.then(() => tx.query("select 1")).then(late.resolve, late.reject);
      throw new Error("half of the work failed");
    });
    await expect(failing).rejects.toThrow("half of the work failed");

    gate.resolve();

    await expect(late.promise).rejects.toThrow("has ended");
  });
});

describe("trouble with the database", () => {
  it.each(["EPIPE", "ECONNRESET", "ETIMEDOUT", "EHOSTUNREACH", "ENOENT", "EAI_AGAIN"])(
    "is told from our own bugs: %s",
    (code) => {
      const error = Object.assign(new Error(`write ${code}`), { code, syscall: "write" });

      expect(asDatabaseError(error)).toBeInstanceOf(DatabaseGone);
    },
  );

  it("is not seen in a bug of ours that speaks of time", () => {
    const error = new TypeError("timeout.getTime is not a function");

    expect(asDatabaseError(error)).toBe(error);
  });
});
