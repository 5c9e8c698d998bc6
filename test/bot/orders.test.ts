import { describe, expect, it } from "vitest";
import { hours, instant, later } from "#kit";
import { createShelf, createTalk, idsOf, orderLike, OTHER, scooter } from "./support.ts";

describe("order status", () => {
  it("BOT-5: tells the caller's own order by its number, in full", async () => {
    const { crm, asked } = createShelf([scooter]);
    const turn = await createTalk({ crm }).say("where is my order 48213");

    expect(asked).toEqual(["48213"]);
    expect(turn.text).toBe(
      "Order 48213, Rolly 3-in-1 scooter, is with the courier. Expected today before 14:00. Where: 12 Forest Street. " +
        "Total: RUB\u00a04,990. Did that answer your question?",
    );
    expect(turn.guesses[0]?.intent).toBe("order-status");
  });

  it("tells it in Russian with Russian dates and money", async () => {
    const order = { ...scooter, promisedAt: instant(Date.UTC(2026, 10, 25, 15)) };
    const turn = await createTalk({ locale: "ru", crm: createShelf([order]).crm }).say("где мой заказ 48213");

    expect(turn.text).toContain("Заказ 48213 (Rolly 3-in-1 scooter) у курьера. Ожидается 25 ноября до 18:00.");
    expect(turn.text.replaceAll("\u00a0", " ")).toContain("Сумма: 4 990 ₽.");
  });

  it.each([OTHER, null])("shows only status and date when the order belongs to %s", async (phone) => {
    const { crm } = createShelf([{ ...scooter, phone }]);
    const { text } = await createTalk({ crm }).say("order 48213");

    expect(text).toContain("is with the courier. Expected today before 14:00.");
    expect(text).not.toMatch(/Rolly|Forest|4[, .\u00a0]?990/);
  });

  it("shows only status and date to a customer whose number is hidden", async () => {
    const { text } = await createTalk({ crm: createShelf([scooter]).crm, phone: null }).say("order 48213");

    expect(text).toContain("is with the courier");
    expect(text).not.toMatch(/Rolly|Forest|990/);
  });

  it("stops somebody who tries one foreign number after another", async () => {
    const orders = ["10001", "10002", "10003", "10004"].map((number) => orderLike({ number, phone: OTHER }));
    const talk = createTalk({ crm: createShelf(orders).crm });
    const turns = [];
    for (const { number } of orders) turns.push(await talk.say(number));

    expect(turns.map((turn) => turn.handOff?.because ?? null)).toEqual([null, null, null, "repeated-miss"]);
  });

  it("without a number finds the newest open order of the phone", async () => {
    const old = {
      ...scooter,
      number: "40001",
      status: "delivered" as const,
      placedAt: later(scooter.placedAt, hours(9)),
    };
    const { crm, asked } = createShelf([old, scooter]);
    const turn = await createTalk({ crm }).tap("intent:order-status");

    expect(asked).toEqual(["phone"]);
    expect(turn.text).toContain("Order 48213");
    expect(turn.text).not.toContain("40001");
  });

  it("tells the last order when none is open", async () => {
    const done = { ...scooter, status: "delivered" as const };
    const { text } = await createTalk({ crm: createShelf([done]).crm }).say("where is my order");

    expect(text).toContain("has been delivered");
    expect(text).not.toContain("Expected");
  });

  it("lists several open orders, newest first, at most three", async () => {
    const orders = [1, 2, 3, 4].map((n) =>
      orderLike({ number: `4000${n}`, placedAt: later(scooter.placedAt, hours(n)) }),
    );
    const { text } = await createTalk({ crm: createShelf(orders).crm }).say("where is my order");

    expect([...text.matchAll(/Order (\d+)/g)].map((match) => match[1])).toEqual(["40004", "40003", "40002"]);
    expect(text).toContain("and 1 more");
  });

  it("asks for the number once when there is nothing, then hands over", async () => {
    const talk = createTalk({ crm: createShelf().crm });
    const asked = await talk.say("where is my order");
    const wrong = await talk.say("55555");

    expect(asked.text).toContain("order number");
    expect(idsOf(asked)).toEqual(["person"]);
    expect(wrong.handOff).toEqual({ because: "repeated-miss" });
  });

  it("takes the number it asked for, in whatever words it comes", async () => {
    const talk = createTalk({ crm: createShelf([scooter]).crm, phone: null });
    await talk.say("where is my order");

    expect((await talk.say("hm, I think it was 48213 or so")).text).toContain("Order 48213");
  });

  it("lets the customer change the subject instead of giving a number", async () => {
    const talk = createTalk();
    await talk.say("where is my order");

    expect((await talk.say("how much is delivery")).guesses[0]?.intent).toBe("delivery-price");
  });

  it("says that the shop's orders cannot be reached and hands over", async () => {
    const { crm } = createShelf([scooter], { down: true });
    const [byPhone, byNumber] = [
      await createTalk({ crm }).say("where is my order"),
      await createTalk({ crm }).say("48213"),
    ];

    expect(byPhone.handOff).toEqual({ because: "crm-unavailable" });
    expect(byNumber.handOff).toEqual({ because: "crm-unavailable" });
    expect(byPhone.text).toContain("can't reach our orders");
  });

  it("is honest about an order that is late", async () => {
    const late = { ...scooter, promisedAt: instant(Date.UTC(2026, 10, 19, 11)) };
    const { text } = await createTalk({ crm: createShelf([late]).crm }).say("order 48213");

    expect(text).toContain("promised for 19 November and is late");
  });

  it("asks the CRM nothing when the question is another", async () => {
    const { crm, asked } = createShelf([scooter]);
    await createTalk({ crm }).say("can I return order 48213 without the box?");
    await createTalk({ crm }).say("hello");

    expect(asked).toEqual([]);
  });

  it.each(["call me at +7 900 000 01 42", "заказал на 5000 рублей", "21.11.2026", "price 4990 ₽"])(
    "sees no order number in “%s”",
    async (text) => {
      const { crm, asked } = createShelf([scooter]);
      await createTalk({ crm }).say(text);

      expect(asked.filter((question) => question !== "phone")).toEqual([]);
    },
  );

  it("stays within a message however long the order is", async () => {
    const long = { ...scooter, items: Array.from({ length: 50 }, () => "x".repeat(400)), place: "y".repeat(900) };
    const turn = await createTalk({ crm: createShelf([long]).crm }).say("48213");

    expect(turn.text.length).toBeLessThanOrEqual(1024);
    expect(turn.text).toContain("Did that answer your question?");
  });
});
