import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSettableClock, instant, later, millis, type SettableClock } from "#kit";
import { createWakes, openDatabase, type Database } from "#db";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";
import { openLine, type Line } from "./line.ts";

const WITHIN_MS = 10_000;

async function until(what: string, happened: () => boolean | Promise<boolean>) {
  const end = performance.now() + WITHIN_MS;
  while (!(await happened())) {
    if (performance.now() > end) throw new Error(`Waited in vain until ${what}.`);
    await pause(10);
  }
}

describe("wakes", () => {
  let server: FreshDatabase;
  let line: Line;
  let here: Database;
  let clock: SettableClock;

  beforeAll(async () => {
    server = await freshDatabase();
    line = await openLine(server.url);
    here = openDatabase({ url: line.url, tenant: "main", connections: 2, queryTimeoutMs: 500 });
    clock = createSettableClock(instant(0));
  });
  afterAll(async () => {
    await here.close();
    await line.close();
    await server.drop();
  });

  const listeners = async () =>
    (
      await server.query<{ pid: number }>(
        "select pid from pg_stat_activity where datname = current_database() and query like 'listen%'",
      )
    ).length;
  const tick = () => clock.moveTo(later(clock.now(), millis(1000)));

  it("hear other processes again after the database was away for a while", async () => {
    const wakes = await createWakes(here, clock);
    let heard = 0;
    wakes.on("outbox", () => void heard++);

    line.cut();
    for (let failed = 0; failed < 3; failed++) {
      await until("a new attempt is planned", () => clock.nextTimerAt() !== null);
      tick();
    }
    await until("a new attempt is planned", () => clock.nextTimerAt() !== null);
    line.mend();
    tick();
    await until("somebody listens", async () => (await listeners()) === 1);
    await server.query("select pg_notify('detour', 'somebody-else outbox')");

    await until("the hint arrives", () => heard > 0);
    expect(heard).toBe(1);
    await wakes.close();
    await until("nobody listens any more", async () => (await listeners()) === 0);
  });
});
