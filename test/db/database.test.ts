import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { instant } from "#kit";
import { recordEvents } from "#db";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";

describe("the database", () => {
  let db: FreshDatabase;
  beforeAll(async () => void (db = await freshDatabase()));
  afterAll(() => db.drop());

  it("keeps text that PostgreSQL itself would refuse", async () => {
    await recordEvents(db, [{ at: instant(1000), kind: "test.happened", data: { words: "a\u0000b\ud800c" } }]);

    const rows = await db.query<{ at: number; data: { words: string } }>(
      "select at, data from event where kind = 'test.happened'",
    );

    expect(rows).toEqual([{ at: 1000, data: { words: "a\ufffdb\ufffdc" } }]);
  });

  it("undoes everything when the work of a transaction fails, and tells nobody", async () => {
    let told = false;
    const failing = db.tx(async (tx) => {
      await recordEvents(tx, [{ at: instant(0), kind: "test.undone" }]);
      tx.afterCommit(() => void (told = true));
      throw new Error("no");
    });

    await expect(failing).rejects.toThrow("no");
    expect(await db.query("select 1 from event where kind = 'test.undone'")).toEqual([]);
    expect(told).toBe(false);
  });
});
