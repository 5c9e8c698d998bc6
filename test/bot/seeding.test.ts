import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { seedIntents, storedKnowledge } from "#bot";
import { createSettableClock, instant } from "#kit";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";

const clock = createSettableClock(instant(0));

describe("an FAQ that is older than a language", () => {
  let db: FreshDatabase;
  beforeAll(async () => void (db = await freshDatabase()));
  afterAll(() => db.drop());
  beforeEach(async () => {
    await db.query("truncate intent");
    await seedIntents(db, clock, { demo: true });
    await db.query("update intent set examples = examples - 'kk', answers = answers - 'kk'");
  });

  const topic = async (code: string) => (await storedKnowledge(db).intents()).find((intent) => intent.code === code)!;

  it("is readable without it", async () => {
    expect(await topic("returns")).toMatchObject({ examples: { kk: [] }, answers: { kk: "" } });
  });

  it("gets it at the next start, where nobody has changed anything", async () => {
    await seedIntents(db, clock, { demo: true });

    expect((await topic("returns")).answers.kk).toContain("14 күн");
    expect((await topic("order-status")).examples.kk[0]).toBe("Тапсырысым қайда");
  });

  it("keeps what somebody has written, and gets no words that contradict it", async () => {
    await db.query(`update intent set answers = answers || '{"ru": "30 дней."}' where code = 'returns'`);
    await seedIntents(db, clock, { demo: true });

    expect((await topic("returns")).answers).toMatchObject({ ru: "30 дней.", kk: "" });
    expect((await topic("exchange")).answers.kk).not.toBe("");
  });
});
