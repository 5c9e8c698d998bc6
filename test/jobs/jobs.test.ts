import { setTimeout as pause } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "#kit";
import { createWakes, openDatabase, type Database, type Wakes } from "#db";
import { openJobs, runPumps, type Job, type Jobs } from "#jobs";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";
import { openLine, type Line } from "../db/line.ts";

const BACK_WITHIN_MS = 10_000;

describe("background jobs", () => {
  let server: FreshDatabase;
  let line: Line;
  let db: Database;
  let wakes: Wakes;
  let jobs: Jobs;
  let done: string[];

  beforeEach(async () => {
    server = await freshDatabase();
    line = await openLine(server.url);
    db = openDatabase({ url: line.url, tenant: "main", connections: 4, queryTimeoutMs: 1000 });
    wakes = await createWakes(db, systemClock);
    jobs = await openJobs(db, { clock: systemClock, wakes, log: { error() {} }, cron: false });
    done = [];
  });
  afterEach(async () => {
    line.mend();
    await jobs.stop();
    await wakes.close();
    await db.close();
    await line.close();
    await server.drop();
  });

  const define = (name: string, run: Job["run"] = async () => {}) =>
    jobs.define({
      name,
      tries: 3,
      async run(data) {
        await run(data);
        done.push(name);
      },
    });
  const add = (name: string, on = db) => on.tx((tx) => jobs.add(tx, name, {}));

  async function until(what: string, happened: () => boolean) {
    const end = performance.now() + BACK_WITHIN_MS;
    while (!happened()) {
      if (performance.now() > end) throw new Error(`Waited in vain until ${what}.`);
      await pause(10);
    }
  }

  it("are all done when the loop, driven by hand, finds nothing more", async () => {
    define("a");
    define("b");
    for (const name of ["a", "a", "b"]) await add(name);

    while ((await jobs.pump.work()) > 0);

    expect(done.sort()).toEqual(["a", "a", "b"]);
  });

  it("of a slow kind hold up no other kind, not even work that comes later", async () => {
    const gate = Promise.withResolvers<void>();
    define("slow", () => gate.promise);
    define("fast");
    const loop = runPumps([jobs.pump], { clock: systemClock, wakes, log: { error() {} } });
    await add("slow");
    await add("fast");
    await until("the first fast job is done", () => done.length === 1);

    await add("fast");
    await until("the second fast job is done", () => done.length === 2);

    expect(done).toEqual(["fast", "fast"]);
    gate.resolve();
    await loop.stop();
    await until("the slow job is done", () => done.includes("slow"));
  });

  it("run twenty of a kind at once and no more", async () => {
    const gate = Promise.withResolvers<void>();
    let running = 0;
    define("crowd", async () => {
      running += 1;
      await gate.promise;
    });
    for (let i = 0; i < 25; i++) await add("crowd");
    const loop = runPumps([jobs.pump], { clock: systemClock, wakes, log: { error() {} } });
    await until("twenty run", () => running === 20);
    wakes.wake("jobs");
    await pause(100);

    expect(running).toBe(20);
    gate.resolve();
    await until("all are done", () => done.length === 25);
    await loop.stop();
  });

  it("go on after the database was away, with what was under way and what came later", async () => {
    const started = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    define("during", async () => {
      started.resolve();
      await gate.promise;
    });
    define("after");
    const loop = runPumps([jobs.pump], { clock: systemClock, wakes, log: { error() {} } });
    await add("during");
    await started.promise;

    line.cut();
    gate.resolve();
    await until("the job has ended", () => done.length === 1);
    line.mend();
    await add("after", server);

    await until("the later job is done", () => done.includes("after"));
    await loop.stop();
  });

  it("are let end before the store is closed", async () => {
    const gate = Promise.withResolvers<void>();
    define("slow", () => gate.promise);
    await add("slow");
    await jobs.pump.work();

    const stopped = jobs.stop();
    gate.resolve();
    await stopped;

    expect(done).toEqual(["slow"]);
    const [job] = await server.query<{ state: string }>("select state from pgboss.job where name = 'slow'");
    expect(job?.state).toBe("completed");
  });
});
