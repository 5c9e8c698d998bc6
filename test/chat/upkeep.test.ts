import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inboxUpkeep } from "#chat";
import { createSettableClock, days, earlier, instant, newId } from "#kit";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";

const NOW = instant(Date.UTC(2026, 10, 20));

describe("the upkeep of the inbox", () => {
  let db: FreshDatabase;
  beforeAll(async () => void (db = await freshDatabase()));
  afterAll(() => db.drop());

  it("forgets what was worked off two weeks ago, and nothing else", async () => {
    await receive("old and done", 15, true);
    await receive("old, not done", 15, false);
    await receive("young", 13, true);

    await inboxUpkeep(db, createSettableClock(NOW)).run({});

    const left = await db.query<{ dedupe: string }>("select dedupe from inbox order by dedupe");
    expect(left.map(({ dedupe }) => dedupe)).toEqual(["old, not done", "young"]);
  });

  const receive = (dedupe: string, daysAgo: number, done: boolean) => {
    const at = new Date(earlier(NOW, days(daysAgo)));
    return db.query(
      "insert into inbox (tenant, channel, account, dedupe, id, lane, event, received_at, processed_at) values ('main', 'c', 'a', $1, $2, 'l', '{}', $3, $4)",
      [dedupe, newId(), at, done ? at : null],
    );
  };
});
