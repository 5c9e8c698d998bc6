import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { seedQueues } from "#ivr";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";

describe("the hotlines of the settings", () => {
  let db: FreshDatabase;
  beforeAll(async () => void (db = await freshDatabase()));
  afterAll(() => db.drop());
  beforeEach(() => db.query("truncate queue, hotline"));

  const lines = () => db.query("select number, queue from hotline order by number");
  const queues = () => db.query("select code, locale, brand from queue order by code");

  it("lead to one queue per language, however many numbers there are", async () => {
    const hotlines = [
      { number: "+74950000001", locale: "ru" },
      { number: "+74950000002", locale: "ru" },
      { number: "+77170000003", locale: "kk" },
    ] as const;
    await seedQueues(db, [...hotlines]);
    await seedQueues(db, [...hotlines]);

    expect(await queues()).toEqual([
      { code: "hotline-kk", locale: "kk", brand: "default" },
      { code: "hotline-ru", locale: "ru", brand: "default" },
    ]);
    expect(await lines()).toEqual([
      { number: "+74950000001", queue: "hotline-ru" },
      { number: "+74950000002", queue: "hotline-ru" },
      { number: "+77170000003", queue: "hotline-kk" },
    ]);
  });

  it("stay where somebody has led them", async () => {
    await seedQueues(db, [{ number: "+74950000001", locale: "ru" }]);
    await db.query("insert into queue (tenant, code, locale, name, rules) values ('main', 'toys', 'ru', '{}', '{}')");
    await db.query("update hotline set queue = 'toys'");
    await seedQueues(db, [{ number: "+74950000001", locale: "ru" }]);

    expect(await lines()).toEqual([{ number: "+74950000001", queue: "toys" }]);
  });

  it("are taken over from a release that knew one number per queue", async () => {
    await db.query(
      "insert into queue (tenant, code, number, locale, name, rules) values ('main', 'old', '+74950000009', 'ru', '{}', '{}')",
    );
    await seedQueues(db, [{ number: "+74950000009", locale: "ru" }]);

    expect(await lines()).toEqual([{ number: "+74950000009", queue: "old" }]);
    expect(await queues()).toMatchObject([{ code: "old" }]);
  });
});
