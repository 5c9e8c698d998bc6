import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { MOBILE, operator } from "../support/people.ts";
import { createWorld, type World } from "../support/world.ts";

const WA_ID = MOBILE.slice(1);

describe("in the chat", () => {
  let world: World;
  beforeEach(async () => void (world = await createWorld()));
  afterEach(() => world.close());

  const customer = () => world.whatsapp.customer(WA_ID);
  const replies = () => customer().inbox.map(({ text }) => text);

  it("DM-9 the bot answers within 3 s of the end of a burst, once per burst", async () => {
    customer().write("Здравствуйте");
    await world.advance(800);
    customer().write("подскажите пожалуйста");
    await world.advance(800);
    customer().write("сколько стоит доставка?");
    const end = world.clock.now();
    await world.until("the bot answers", () => customer().inbox.length > 0);

    expect(customer().inbox[0]!.at - end).toBeLessThanOrEqual(3000);
    await world.advance(60_000);
    expect(replies()).toHaveLength(1);
    expect(replies()[0]).toContain("Курьер стоит 290 ₽");
  });

  it("DM-9 the same conversation goes on while it is open", async () => {
    customer().write("сколько стоит доставка?");
    await world.advance(10_000);
    customer().write("а самовывоз есть?");
    await world.advance(10_000);

    expect(await world.db.query("select count(*)::int as count from conversation")).toEqual([{ count: 1 }]);
    expect(replies()).toHaveLength(2);
  });

  it("DM-9 an order is looked up in the CRM for its owner", async () => {
    const owner = world.whatsapp.customer("79000000142");
    owner.write("где мой заказ 48213");
    await world.until("the bot answers", () => owner.inbox.length > 0);

    expect(owner.inbox[0]!.text).toContain("48213");
    expect(owner.inbox[0]!.text).toContain("Самокат");
  });

  it("DM-9 a human's word silences the bot at once", async () => {
    const olga = await operator(world);
    customer().write("оператор");
    await world.advance(10_000);
    const [{ id }] = (await world.db.query<{ id: string }>("select id from conversation")) as [{ id: string }];
    const { status } = await olga.request("POST", `/api/conversations/${id}/messages`, {
      text: "Здравствуйте, это Ольга",
      clientId: crypto.randomUUID(),
    });
    expect(status).toBe(202);
    await world.advance(5000);
    customer().write("сколько стоит доставка?");
    await world.advance(30_000);

    expect(replies().at(-1)).toBe("Здравствуйте, это Ольга");
  });

  it("DM-13 the rating is asked once after closing; a digit is taken as the score of the operator", async () => {
    const olga = await operator(world);
    customer().write("позовите человека");
    await world.advance(10_000);
    const [{ id }] = (await world.db.query<{ id: string }>("select id from conversation")) as [{ id: string }];
    await olga.request("POST", `/api/conversations/${id}/messages`, { text: "Готово", clientId: crypto.randomUUID() });
    await world.advance(5000);
    expect((await olga.request("POST", `/api/conversations/${id}/close`, {})).status).toBeLessThan(300);
    await world.advance(10_000);
    const asked = replies().filter((text) => /от 1 до 5/.test(text));
    expect(asked).toHaveLength(1);

    customer().write("5");
    await world.advance(10_000);
    customer().write("спасибо большое, всё быстро");
    await world.advance(10_000);

    expect(await world.db.query("select score, about, comment from rating")).toEqual([
      { score: 5, about: "operator", comment: "спасибо большое, всё быстро" },
    ]);
    expect(replies().filter((text) => /от 1 до 5/.test(text))).toHaveLength(1);
  });

  it("DM-13 the bot's own score is apart, and a button will do", async () => {
    customer().write("сколько стоит доставка?");
    await world.advance(10_000);
    customer().tap(customer().inbox.at(-1)!.id, "yes");
    await world.advance(10_000);
    const question = customer().inbox.at(-1)!;
    expect(question.text).toMatch(/от 1 до 5/);

    customer().tap(question.id, "csat:4");
    await world.advance(10_000);

    expect(await world.db.query("select score, about from rating")).toEqual([{ score: 4, about: "bot" }]);
  });

  it("DM-13 outside the messenger's window nobody is asked", async () => {
    const olga = await operator(world);
    customer().write("позовите человека");
    await world.advance(10_000);
    const [{ id }] = (await world.db.query<{ id: string }>("select id from conversation")) as [{ id: string }];
    await world.advance(25 * 3600_000);
    const { status, body } = await olga.request<{ code: string }>("POST", `/api/conversations/${id}/messages`, {
      text: "Вы ещё тут?",
      clientId: crypto.randomUUID(),
    });
    expect([status, body.code]).toEqual([401, "not_signed_in"]);
    const before = replies().length;
    const again = await operator(world);
    await again.request("POST", `/api/conversations/${id}/close`, {});
    await world.advance(60_000);

    expect(replies().slice(before)).toEqual([]);
  });
});
