import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createSettableClock, instant } from "#kit";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";
import { became, wrote } from "../support/fake-channel.ts";
import { START, createStage, wipe } from "./stage.ts";

describe("a message's way", () => {
  let db: FreshDatabase;
  beforeAll(async () => void (db = await freshDatabase()));
  afterAll(() => db.drop());
  beforeEach(() => wipe(db));

  it("goes from the webhook to the bot and back to the customer", async () => {
    const stage = await createStage({ db });

    expect(await stage.deliver(wrote("79161234567", "где мой заказ"))).toBe(200);
    await stage.pass(3000);

    expect(stage.channel.textsTo("79161234567")).toEqual(["echo: где мой заказ"]);
    expect(await stage.messages()).toMatchObject([
      { author: "customer", status: null, text: "где мой заказ" },
      { author: "bot", status: "accepted", provider_id: "out-1" },
    ]);
    expect((await stage.events()).map(({ kind }) => kind)).toEqual(["chat.message-in", "bot.answered"]);
  });

  it("follows receipts", async () => {
    const stage = await createStage({ db });
    await stage.deliver(wrote("79161234567", "привет"));
    await stage.pass(3000);

    await stage.deliver(became("read", { providerId: "out-1" }), became("sent", { providerId: "out-1" }));
    await stage.settle();
    await stage.deliver(became("delivered", { providerId: "out-1" }));
    await stage.settle();

    expect((await stage.messages())[1]).toMatchObject({ status: "read" });
  });
});

describe("while the database is gone", () => {
  it("answers webhooks with 503 within two seconds, so that the provider tries again", async () => {
    const db = await freshDatabase();
    const clock = createSettableClock(START);
    const silent = { ...db, query: () => new Promise<never>(() => {}) };
    const stage = await createStage({ db: silent, clock });
    const answer = stage.deliver(wrote("7916", "hello"));
    while (clock.nextTimerAt() === null) await new Promise((resolve) => setImmediate(resolve));
    clock.moveTo(instant(START + 2000));

    expect(await answer).toBe(503);
    await db.drop();
  });
});
