import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Invite } from "#chat";
import { newId, type CallId, type PhoneNumber } from "#kit";
import { brandWith, oneBrand } from "../support/brands.ts";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";
import { createFakeChannel, wrote } from "../support/fake-channel.ts";
import { createStage, wipe, type Stage } from "./stage.ts";

const NOW = { CHAT_QUIET_WINDOW_MS: "0" };
const PHONE = "+77012345678" as PhoneNumber;

/** Two brands with a number each and one number that serves both. */
const ends = {
  toys: { brand: "toys", inviteTemplate: "toys_offer" },
  books: { brand: "books", inviteTemplate: "books_offer" },
  both: { brand: null, inviteTemplate: "queue_offer" },
};
const toys = brandWith({ code: "toys", name: { kk: "Текше", ru: "Кубик" }, locale: "kk", timeZone: "Asia/Almaty" });
const books = brandWith({ code: "books", name: { ru: "Страница" }, locale: "ru" });
const brands = {
  ...oneBrand(),
  find: (code: string) => (code === "toys" ? toys : code === "books" ? books : brandWith()),
  ofQueue: (queue: string) => (queue.startsWith("toys") ? toys : queue.startsWith("books") ? books : brandWith()),
  queueFor: (brand: string, locale: string) => `${brand}-${locale}`,
};

const inviteTo = (queue: string, more: Partial<Invite> = {}): Invite => ({
  callId: newId<CallId>(),
  channel: "fake",
  phone: PHONE,
  locale: "ru",
  queue,
  token: "token",
  place: 4,
  waitedSeconds: 120,
  ...more,
});

describe("several accounts at one messenger", () => {
  let db: FreshDatabase;
  beforeAll(async () => void (db = await freshDatabase()));
  afterAll(() => db.drop());
  beforeEach(() => wipe(db));

  const open = (more: object = {}) =>
    createStage({ db, settings: NOW, channel: createFakeChannel({ ends }), brands, ...more });
  const send = (stage: Stage, wish: Invite) => db.tx((tx) => stage.chat.invite(tx, wish));
  const from = (stage: Stage) => stage.channel.sent.map(({ to }) => to.account);

  it("hold conversations of their own with the same customer, each answered from where it was written to", async () => {
    const stage = await open();
    await stage.deliver(wrote("7701", "one", { account: "toys" }), wrote("7701", "two", { account: "books" }));
    await stage.settle();
    await stage.deliver(wrote("7701", "three", { account: "toys" }));
    await stage.settle();

    const talks = await db.query("select account, contact_id from conversation order by account");
    expect(talks).toMatchObject([{ account: "books" }, { account: "toys" }]);
    expect(new Set(talks.map((talk: any) => talk.contact_id)).size).toBe(1);
    expect(stage.channel.sent.map(({ to, content }) => [to.account, content.text])).toEqual([
      ["toys", "echo: one"],
      ["books", "echo: two"],
      ["toys", "echo: three"],
    ]);
  });

  it("begin in the language and the queue of their brand", async () => {
    const stage = await open();
    await stage.deliver(
      wrote("7701", "тапсырыс", { account: "toys" }),
      wrote("7702", "заказ", { account: "books" }),
      wrote("7703", "12345", { account: "toys" }),
      wrote("7704", "12345", { account: "both" }),
    );
    await stage.settle();

    expect(await db.query("select address, locale, queue from conversation order by address")).toEqual([
      { address: "7701", locale: "kk", queue: "toys-kk" },
      { address: "7702", locale: "ru", queue: "books-ru" },
      { address: "7703", locale: "kk", queue: "toys-kk" },
      { address: "7704", locale: "ru", queue: "hotline-ru" },
    ]);
    expect(stage.bot.asked.map(({ timeZone }) => String(timeZone)).toSorted()).toEqual([
      "Asia/Almaty",
      "Asia/Almaty",
      "Europe/Moscow",
      "Europe/Moscow",
    ]);
  });

  it("invite for the brand of the queue: its number, its template, its name in the caller's language", async () => {
    const stage = await open();
    await send(stage, inviteTo("toys-kk", { locale: "kk" }));
    await send(stage, inviteTo("books-ru", { phone: "+77012345679" as PhoneNumber }));
    await send(stage, inviteTo("hotline-ru", { phone: "+77012345670" as PhoneNumber }));
    await stage.settle();

    const sent = stage.channel.sent.map(({ to, content }) => ({ account: to.account, content }));
    expect(sent).toMatchObject([
      { account: "toys", content: { name: "toys_offer", locale: "kk", variables: ["Текше", "4"] } },
      { account: "books", content: { name: "books_offer", locale: "ru", variables: ["Страница", "4"] } },
      { account: "both", content: { name: "queue_offer", locale: "ru", variables: ["Kubik", "4"] } },
    ]);
  });

  it("stand in for each other when all brands share one, and never speak for another brand", async () => {
    const stage = await open();
    stage.channel.ends.delete("toys");
    await send(stage, inviteTo("toys-kk"));
    await stage.settle();
    expect(from(stage)).toEqual(["both"]);

    stage.channel.ends.delete("both");
    expect(await send(stage, inviteTo("toys-kk"))).toBe("unavailable");
    expect(await stage.chat.room(db, { queue: "toys-kk", locale: "kk", phone: null })).toMatchObject({ channels: [] });
    expect(await stage.chat.room(db, { queue: "books-ru", locale: "ru", phone: null })).toMatchObject({
      channels: ["fake"],
    });
  });

  it("have alarms of their own: one that cannot send leaves the others in offers", async () => {
    const stage = await open();
    stage.channel.ends.delete("both");
    stage.channel.plan({ kind: "busy", retryAfterMs: 60_000, alarm: "token expired" });
    await stage.deliver(wrote("7701", "one", { account: "toys" }));
    await stage.settle();
    await stage.deliver(wrote("7702", "two", { account: "books" }));
    await stage.settle();

    expect(await stage.chat.room(db, { queue: "toys-kk", locale: "kk", phone: null })).toMatchObject({ channels: [] });
    expect(await stage.chat.room(db, { queue: "books-ru", locale: "ru", phone: null })).toMatchObject({
      channels: ["fake"],
    });

    await stage.pass(60_000);
    expect(await stage.chat.room(db, { queue: "toys-kk", locale: "kk", phone: null })).toMatchObject({
      channels: ["fake"],
    });
  });

  it("have templates of their own, in each language", async () => {
    const stage = await open();
    const rejected = {
      lane: "x",
      dedupe: "x",
      at: 0 as never,
      language: "kk",
      status: "REJECTED",
      category: null,
      reason: null,
    };
    await stage.deliver({ ...rejected, account: "toys", kind: "template-changed", name: "toys_offer" });
    await stage.settle();
    await send(stage, inviteTo("toys-kk", { locale: "kk" }));
    await send(stage, inviteTo("toys-ru", { phone: "+77012345679" as PhoneNumber }));
    await stage.settle();

    expect(from(stage)).toEqual(["both", "toys"]);
  });

  it("keep paces of their own", async () => {
    const paced = { ...ends, books: { ...ends.books, perSecond: 2 } };
    const stage = await open({ channel: createFakeChannel({ ends: paced }) });
    for (let n = 0; n < 6; n++)
      await stage.deliver(wrote(`71${n}`, "a", { account: "toys" }), wrote(`72${n}`, "b", { account: "books" }));
    await stage.settle();
    const atOnce = from(stage);
    await stage.pass(6000);

    expect(atOnce.filter((account) => account === "toys")).toHaveLength(6);
    expect(atOnce.filter((account) => account === "books").length).toBeLessThanOrEqual(2);
    expect(from(stage)).toHaveLength(12);
  });

  it("that are gone say so on the message, and what they were owed does not stop anybody", async () => {
    const stage = await open();
    stage.channel.plan({ kind: "refused", because: "not-allowed", code: "account_gone", words: "gone" });
    stage.channel.ends.delete("toys");
    await stage.deliver(wrote("7701", "one", { account: "toys" }), wrote("7702", "two", { account: "books" }));
    await stage.settle();

    const out = (await stage.messages()).filter(({ status }) => status !== null);
    expect(out.map(({ status }) => String(status)).toSorted()).toEqual(["accepted", "failed"]);
  });

  it("forget no language: whoever turns out to write in another is spoken to in it from then on", async () => {
    const stage = await open();
    stage.bot.answerWith(({ texts }) => ({ language: texts.join().includes("қ") ? "kk" : "ru", text: "ok" }));
    await stage.deliver(wrote("7702", "заказ", { account: "books" }));
    await stage.settle();
    await stage.deliver(wrote("7702", "тапсырысым қайда", { account: "books" }));
    await stage.settle();
    const anna = await stage.operator("Анна");
    const [talk] = await stage.conversations();
    await stage.as(anna).post(`/conversations/${talk!.id}/messages`, {
      text: "Сәлеметсіз бе",
      clientId: "018f0000-0000-4000-8000-000000000010",
    });
    await stage.as(anna).post(`/conversations/${talk!.id}/close`);
    await stage.settle();

    expect(
      await db.query("select c.locale, p.locale as own from conversation c join contact p on p.id = c.contact_id"),
    ).toEqual([{ locale: "kk", own: "kk" }]);
    expect(stage.channel.sent.at(-1)!.content.text).toContain("бағалаңызшы");
  });
});
