import { randomBytes } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  admin,
  callerHearingOffer,
  hears,
  kindsOf,
  MOBILE,
  OFFER,
  operator,
  placeOf,
  sentences,
  story,
  type Worker,
} from "../support/people.ts";
import { createWorld, type World } from "../support/world.ts";
import { demo } from "../support/demo-env.ts";
import type { Hands } from "../../sim/telegram/index.ts";
import type { Phone } from "../../sim/twilio/index.ts";

const ANNA = 4242;
const NEIGHBOUR = 5151;

let world: World;
const person = (id = ANNA): Hands => world.telegram.person(id);
const replies = (id = ANNA) => person(id).inbox.map(({ text }) => text);
const conversations = (channel = "telegram") =>
  world.db.query<{ id: string; contact_id: string; call_id: string | null; owner: string; locale: string }>(
    "select id, contact_id, call_id, owner, locale from conversation where channel = $1 order by opened_at",
    [channel],
  );
/** The person each conversation belongs to now, merges counted. */
const people = async () => {
  const rows = await world.db.query<{ person: string }>(
    "select coalesce(p.merged_into, p.id) as person from conversation c join contact p on p.id = c.contact_id where c.channel = 'telegram' order by c.opened_at",
  );
  return rows.map(({ person }) => person);
};
const personOf = async (contact: string) => {
  const [row] = await world.db.query<{ person: string }>(
    "select coalesce(merged_into, id) as person from contact where id = $1",
    [contact],
  );
  return row!.person;
};
const conversation = async (channel = "telegram") => (await conversations(channel))[0]!;
const say = (worker: Worker, id: string, text: string) =>
  worker.request<{ code: string }>("POST", `/api/conversations/${id}/messages`, {
    text,
    clientId: crypto.randomUUID(),
  });
const thread = async (worker: Worker, id: string) =>
  (
    await worker.request<{
      conversation: { blocked: boolean; owner: string; customer: { phone: string | null }; window: { open: boolean } };
      messages: { author: string; text: string; status: string | null; editedAt: string | null; error: unknown }[];
    }>("GET", `/api/conversations/${id}`)
  ).body;

/** A caller who pressed 1, has the WhatsApp message, and got a Telegram link from an operator. */
async function callerWithLink(olga: Worker) {
  const phone = await callerHearingOffer(world);
  phone.press("1");
  await world.until("the call ends", () => phone.state === "ended");
  await world.advance(5000);
  const { id, contact_id: contact, call_id: call } = await conversation("whatsapp-cloud");
  const { status, body } = await olga.request<{ url: string }>("POST", `/api/conversations/${id}/links`, {
    channel: "telegram",
  });
  expect(status).toBe(201);
  const token = new URL(body.url).searchParams.get("start")!;
  return { url: body.url, token, contact, call };
}

describe("in Telegram", () => {
  beforeEach(async () => void (world = await createWorld()));
  afterEach(() => world.close());

  it("DM-16 pressing Start brings a greeting that says it is a robot, and a question its answer", async () => {
    person().start();
    await world.until("the robot greets", () => replies().length > 0);
    expect(replies()[0]).toMatch(/робот/i);

    person().write("сколько стоит доставка?");
    await world.until("the robot answers", () => replies().length > 1);
    expect(replies()[1]).toContain("Курьер стоит 290 ₽");
    expect(await conversations()).toMatchObject([{ owner: "bot", call_id: null, locale: "ru" }]);
  });

  it("DM-16 whoever asks at once gets the answer and no greeting first", async () => {
    person().start();
    person().write("сколько стоит доставка?");
    await world.advance(30_000);

    expect(replies()).toHaveLength(1);
    expect(replies()[0]).toContain("Курьер стоит 290 ₽");
  });

  it("DM-17 the language of the phone is the language of the first words", async () => {
    person().change({ languageCode: "en" });
    person().start();
    await world.until("the robot greets", () => replies().length > 0);

    expect(replies()[0]).toMatch(/robot/);
    expect(await conversation()).toMatchObject({ locale: "en" });
  });

  it("DM-16 a deep link joins the chat to the call and to the contact of the caller", async () => {
    const olga = await operator(world);
    const { url, token, contact, call } = await callerWithLink(olga);
    expect(url).toMatch(/^https:\/\/t\.me\/kubik_bot\?start=[A-Za-z0-9_-]{1,64}$/);

    person().start(token);
    await world.until("the robot greets", () => replies().length > 0);

    const joined = await conversation();
    expect(joined).toMatchObject({ contact_id: contact, call_id: call });
    const { conversation: view } = await thread(olga, joined.id);
    expect(view.customer.phone).toBe(MOBILE);
    person().write("где мой заказ");
    await world.until("the robot knows the caller's orders", () => replies().length > 1);
    expect(await world.db.query("select kind from event where kind like 'chat.link%' order by seq")).toEqual([
      { kind: "chat.link-made" },
    ]);
  });

  it("DM-16 a link is for one customer, once: pressed again it is the same chat, to others it says nothing", async () => {
    const olga = await operator(world);
    const { token, contact } = await callerWithLink(olga);
    person().start(token);
    await world.advance(10_000);
    person(NEIGHBOUR).start(token);
    person().start(token);
    await world.advance(20_000);

    const all = await conversations();
    expect(all).toHaveLength(2);
    expect(all.filter(({ contact_id: id }) => id === contact)).toHaveLength(1);
    expect(replies(NEIGHBOUR)[0]).toMatch(/робот/i);
    expect(await world.db.query("select data from event where kind = 'chat.link-refused'")).toEqual([
      { data: { channel: "telegram" } },
    ]);
  });

  it("DM-16 a chat that was open before goes on under the caller's name", async () => {
    const olga = await operator(world);
    person().write("здравствуйте");
    await world.advance(10_000);
    const before = await conversation();
    const { token, contact, call } = await callerWithLink(olga);
    person().start(token);
    await world.advance(10_000);

    expect(await conversations()).toEqual([{ ...before, call_id: call }]);
    expect(await people()).toEqual([await personOf(contact)]);
  });

  it("DM-11 an operator replies, sees what was edited, and the spinner of a tapped button ends", async () => {
    const olga = await operator(world);
    const first = person().write("позовите человека");
    await world.advance(10_000);
    const { id } = await conversation();
    expect((await say(olga, id, "Здравствуйте, это Ольга")).status).toBe(202);
    await world.advance(5000);
    expect(replies().at(-1)).toBe("Здравствуйте, это Ольга");

    person().edit(first, "позовите человека, пожалуйста");
    await world.advance(1000);
    const { messages } = await thread(olga, id);
    expect(messages[0]).toMatchObject({
      author: "customer",
      text: "позовите человека, пожалуйста",
      editedAt: expect.any(String),
    });
    expect(messages.at(-1)).toMatchObject({ author: "operator", status: "sent" });
  });

  it("DM-13 the rating is given by a button under the question", async () => {
    const olga = await operator(world);
    person().write("позовите человека");
    await world.advance(10_000);
    const { id } = await conversation();
    await say(olga, id, "Готово");
    await world.advance(5000);
    await olga.request("POST", `/api/conversations/${id}/close`, {});
    await world.advance(10_000);
    const question = person().inbox.at(-1)!;
    expect(question.text).toMatch(/от 1 до 5/);

    person().tap(question.id, "csat:5");
    await world.advance(10_000);

    expect(person().spinning).toBe(false);
    expect(await world.db.query("select score, about from rating")).toEqual([{ score: 5, about: "operator" }]);
    expect(await world.db.query("select status from message where purpose = 'csat'")).toEqual([{ status: "read" }]);
  });

  it("DM-16 what the customer does is the receipt: what was sent before it has arrived, what was tapped was read", async () => {
    const statuses = () =>
      world.db.query<{ status: string }>("select status from message where status is not null order by id");
    person().write("сколько стоит доставка?");
    await world.until("the robot answers", () => replies().length > 0);
    expect(await statuses()).toEqual([{ status: "sent" }]);
    person().write("а самовывоз есть?");
    await world.until("the robot answers", () => replies().length > 1);
    expect(await statuses()).toEqual([{ status: "delivered" }, { status: "sent" }]);
    const { id, buttons } = person().inbox.at(-1)!;
    person().tap(id, buttons[0]!.text);
    await world.advance(1000);

    expect((await statuses())[1]).toEqual({ status: "read" });
  });

  it("BOT-5 whoever wants a call shares the number with a button, and is called", async () => {
    person().change({ phone: MOBILE.slice(1) });
    person().write("позвоните мне пожалуйста");
    await world.until("the number is asked for", () => person().inbox.at(-1)?.asksContact != null);
    person().shareContact();
    await world.until("the number is known", () => replies().at(-1)!.includes("теперь знаем ваш номер"));
    person().tap(person().inbox.at(-1)!.id, "Позвоните мне");
    await world.advance(20_000);

    expect(await world.db.query("select phone, reason, status from callback")).toEqual([
      { phone: MOBILE, reason: "asked-in-chat", status: "waiting" },
    ]);
    expect(await world.db.query("select address from identity where channel = 'phone'")).toEqual([{ address: MOBILE }]);
  });

  it("DM-15 a shared number joins the chat to the contact who called from it", async () => {
    const olga = await operator(world);
    const { contact } = await callerWithLink(olga);
    person().change({ phone: MOBILE.slice(1) });
    person().write("здравствуйте");
    await world.advance(10_000);
    person().shareContact();
    await world.advance(10_000);

    expect(await people()).toEqual([await personOf(contact)]);
  });

  it("DM-15 somebody else's contact is shown and not trusted", async () => {
    const olga = await operator(world);
    await callerWithLink(olga);
    person(NEIGHBOUR).write("здравствуйте");
    await world.advance(10_000);
    person(NEIGHBOUR).sendContact({ phone: MOBILE, name: "Анна", userId: ANNA });
    person(NEIGHBOUR).sendContact({ phone: MOBILE, name: "Анна" });
    await world.advance(10_000);

    const { id } = await conversation();
    const { conversation: view, messages } = await thread(olga, id);
    expect(view.customer.phone).toBeNull();
    expect(messages.filter(({ text }) => text.includes(MOBILE))).toHaveLength(2);
    expect(await world.db.query("select count(*)::int as count from identity where channel = 'phone'")).toEqual([
      { count: 1 },
    ]);
  });

  it("DM-16 whoever blocks the bot is not waited for, and may come back", async () => {
    const olga = await operator(world);
    person().write("позовите человека");
    await world.advance(10_000);
    const { id } = await conversation();
    person().block();
    await world.advance(5000);

    const { conversation: view, messages } = await thread(olga, id);
    expect(view).toMatchObject({ blocked: true, owner: "operator", window: { open: false } });
    expect(messages.at(-1)).toMatchObject({ author: "system", text: expect.stringContaining("заблокировал") });
    const { status, body } = await say(olga, id, "Вы ещё тут?");
    expect([status, body.code]).toEqual([409, "customer_blocked"]);

    person().start();
    await world.advance(5000);
    expect((await thread(olga, id)).conversation).toMatchObject({ blocked: false, window: { open: true } });
    expect((await say(olga, id, "С возвращением")).status).toBe(202);
    await world.advance(5000);
    expect(replies().at(-1)).toBe("С возвращением");
  });

  it("DM-16 a chat of the robot ends when the customer blocks it; it counts as no success and asks nothing", async () => {
    person().write("сколько стоит доставка?");
    await world.advance(10_000);
    const sent = replies().length;
    person().block();
    await world.advance(60_000);

    expect(await conversation()).toMatchObject({ owner: "closed" });
    expect(replies()).toHaveLength(sent);
    expect(
      await world.db.query("select kind, data from event where kind in ('chat.left', 'chat.closed', 'chat.blocked')"),
    ).toEqual([
      { kind: "chat.blocked", data: {} },
      { kind: "chat.left", data: { because: "blocked" } },
    ]);
  });

  it("DM-12 pictures, voice notes and documents are never lost", async () => {
    const olga = await operator(world);
    for (const kind of ["photo", "voice", "document", "video"] as const)
      person().sendMedia(kind, { caption: `подпись ${kind}` });
    await world.advance(30_000);

    const { messages } = await thread(olga, (await conversation()).id);
    expect(messages.filter(({ author }) => author === "customer").map(({ text }) => text)).toEqual([
      "Фото: подпись photo",
      "Голосовое сообщение: подпись voice",
      "Документ: подпись document",
      "Видео: подпись video",
    ]);
  });

  it("one message a second goes into one chat", async () => {
    world.telegram.limits.perChat = { everyMs: 1000, burst: 1 };
    world.telegram.limits.perBot = { everyMs: 1000 / 30, burst: 30 };
    const olga = await operator(world);
    person().write("позовите человека");
    await world.advance(10_000);
    const { id } = await conversation();
    for (const text of ["раз", "два", "три"]) await say(olga, id, text);
    await world.advance(10_000);

    expect(replies().slice(-3)).toEqual(["раз", "два", "три"]);
    expect(world.telegram.journal.entries.filter(({ status }) => status === 429)).toEqual([]);
  });
});

describe("a caller with a known chat in Telegram, while WhatsApp is not connected", () => {
  const NO_WHATSAPP = {
    WHATSAPP_PHONE_NUMBER_ID: "",
    WHATSAPP_BUSINESS_ACCOUNT_ID: "",
    WHATSAPP_ACCESS_TOKEN: "",
    WHATSAPP_APP_SECRET: "",
    WHATSAPP_VERIFY_TOKEN: "",
  };
  let olga: Worker;
  beforeEach(async () => {
    world = await createWorld(NO_WHATSAPP);
    olga = await operator(world);
  });
  afterEach(() => world.close());

  /** Anna wrote to the bot some day and shared her number. */
  async function anna() {
    person().change({ phone: MOBILE.slice(1), firstName: "Анна" });
    person().start();
    person().shareContact();
    await world.advance(20_000);
  }
  const invites = () =>
    world.db.query<{ status: string }>("select status from message where purpose = 'invite' order by id");
  const callEnds = (phone: Phone) => world.until("the call ends", () => phone.state === "ended");

  it("DM-16 gets the message there, and the call ends when she taps its button: that proves that it has arrived", async () => {
    await anna();
    const phone = await callerHearingOffer(world);
    expect(hears(phone, /Telegram/)).toBe(true);
    phone.press("1");
    await world.until("the message is there", () => replies().at(-1)!.includes("Вы звоните в"));
    await world.advance(2000);
    expect(phone.state).toBe("in-queue");
    expect(await invites()).toEqual([{ status: "sent" }]);

    const invite = person().inbox.at(-1)!;
    person().tap(invite.id, "Где мой заказ");
    await callEnds(phone);

    expect(phone.endedBy).toBe("detour");
    expect(sentences(phone).at(-1)).toContain("Ждём вас в Telegram");
    expect(await invites()).toEqual([{ status: "read" }]);
    const order = ["invite.accepted", "invite.sent", "invite.read", "deflection.committed", "call.ended"];
    expect(kindsOf(await story(world, phone)).filter((kind) => order.includes(kind))).toEqual(order);
    const [call] = await world.db.query<{ id: string }>("select id from call");
    expect(await conversation()).toMatchObject({ call_id: call!.id });
  });

  it("DM-16 any word written after the message is as good as a tap", async () => {
    await anna();
    const phone = await callerHearingOffer(world);
    phone.press("1");
    await world.until("the message is there", () => replies().at(-1)!.includes("Вы звоните в"));
    person().write("я здесь");
    await callEnds(phone);

    expect(phone.endedBy).toBe("detour");
    expect(await invites()).toEqual([{ status: "delivered" }]);
  });

  it("DM-5 without an act of hers the caller hears a choice and keeps the place: acceptance is no receipt", async () => {
    await anna();
    const phone = await callerHearingOffer(world);
    phone.press("1");
    await world.until("the caller hears a choice", () => hears(phone, /Пока не видно/));

    expect(phone.state).toBe("in-queue");
    expect(await placeOf(world, phone)).toBe(1);
    expect(await invites()).toEqual([{ status: "sent" }]);
  });

  it("DM-5 with COMMIT_LEVEL=sent acceptance by Telegram is enough", async () => {
    await world.close();
    world = await createWorld({ ...NO_WHATSAPP, COMMIT_LEVEL: "sent" });
    await operator(world);
    await anna();
    const phone = await callerHearingOffer(world);
    phone.press("1");
    await callEnds(phone);

    expect(phone.endedBy).toBe("detour");
  });

  it("DM-16 a strange number, and whoever has blocked the bot, are offered nothing: a bot cannot write first", async () => {
    await anna();
    person().block();
    await world.advance(1000);
    for (const from of ["+79160000009", MOBILE]) {
      const phone = world.twilio.phones.call({ from });
      await world.advance(20_000);
      expect(hears(phone, OFFER)).toBe(false);
      phone.hangUp();
      await world.advance(1000);
    }
    expect(await olga.request("GET", "/api/calls/waiting")).toMatchObject({ body: { waiting: [] } });
  });
});

describe("several bots at once", () => {
  const second = { token: "888000:AAE-second-bot-of-the-stand-in", username: "second_bot", name: "Second" };
  beforeEach(async () => {
    world = await createWorld({ SECRETS_KEY: randomBytes(32).toString("base64") }, { bots: [demo.bot, second] });
  });
  afterEach(() => world.close());

  /** Connects the second bot for a brand of its own, as an administrator does; nothing is pasted anywhere. */
  async function connect(boss: Worker): Promise<string> {
    const name = { ru: "Страница" };
    await boss.request("PUT", "/api/brands/books", { name, locale: "ru", region: "RU", timeZone: "Europe/Moscow" });
    const { status, body } = await boss.request<{ connection: { id: string; secrets: unknown } }>(
      "POST",
      "/api/connections",
      { kind: "telegram", name: "Books", brand: "books", settings: { token: second.token } },
    );
    expect(status).toBe(201);
    expect(JSON.stringify(body)).not.toContain(second.token);
    await world.advance(1000);
    return body.connection.id;
  }

  it("DM-17 each has a conversation of its own with the same person, and answers from where it was asked", async () => {
    const boss = await admin(world);
    const olga = await operator(world);
    const id = await connect(boss);
    expect(await boss.request("POST", `/api/connections/${id}/check`)).toMatchObject({
      body: { ok: true, facts: { username: "second_bot", waiting: 0 } },
    });
    person().write("позовите человека");
    world.telegram.person(ANNA, "second_bot").write("позовите человека");
    await world.advance(10_000);

    const both = await world.db.query<{ id: string; account: string }>(
      "select id, account from conversation order by account",
    );
    expect(both.map(({ account }) => account)).toEqual(["777000", "888000"]);
    for (const { id: talk, account } of both) await say(olga, talk, `от ${account}`);
    await world.advance(5000);
    expect(replies().at(-1)).toBe("от 777000");
    expect(world.telegram.person(ANNA, "second_bot").inbox.at(-1)!.text).toBe("от 888000");
  });

  it("DM-17 a bot that is switched off says nothing more, in words; its updates wait at Telegram", async () => {
    const boss = await admin(world);
    const olga = await operator(world);
    const id = await connect(boss);
    const there = world.telegram.person(ANNA, "second_bot");
    there.write("позовите человека");
    await world.advance(10_000);
    await boss.request("PATCH", `/api/connections/${id}`, { enabled: false });
    await world.advance(1000);
    const talk = await conversation();
    await say(olga, talk.id, "Вы тут?");
    there.write("да");
    await world.advance(5000);

    const { messages } = await thread(olga, talk.id);
    expect(messages.at(-1)).toMatchObject({ author: "operator", status: "failed", error: { code: "not-allowed" } });
    expect(there.inbox.at(-1)!.text).not.toBe("Вы тут?");
    expect(world.telegram.bots[1]!.pending).toHaveLength(1);
  });
});

describe("X-3 Telegram's updates doubled, late and shuffled", () => {
  /** One whole conversation: Start, a question, a person, an edit, an answer, the rating. */
  async function journey() {
    const olga = await operator(world);
    person().start();
    await world.advance(20_000);
    person().write("сколько стоит доставка?");
    await world.advance(20_000);
    const wish = person().write("позовите оператора");
    await world.advance(20_000);
    const { id } = await conversation();
    await say(olga, id, "Здравствуйте, это Ольга");
    person().edit(wish, "позовите Ольгу");
    await world.advance(20_000);
    await olga.request("POST", `/api/conversations/${id}/close`, {});
    await world.advance(20_000);
    person().tap(person().inbox.at(-1)!.id, "csat:4");
    await world.advance(20_000);
    person().block();
    person().unblock();
    await world.advance(60_000);
    return {
      replies: replies(),
      messages: await world.db.query("select author, text, status from message order by id"),
      rating: await world.db.query("select score, about from rating"),
      open: await world.db.query("select owner from conversation"),
      blocked: await world.db.query("select blocked from chat_block"),
      waiting: await world.db.query("select count(*)::int as count from inbox where processed_at is null"),
    };
  }

  it("X-3 ends in the same state", async () => {
    world = await createWorld();
    const expected = await journey();
    await world.close();

    world = await createWorld();
    Object.assign(world.telegram.faults.updates, { extraCopies: 2, delayMs: 100, shuffleMs: 900 });
    const got = await journey();
    await world.close();

    expect(got).toEqual(expected);
    expect(expected.rating).toEqual([{ score: 4, about: "operator" }]);
  });
});

describe("X-2 Telegram's answers lost on the way", () => {
  beforeEach(async () => void (world = await createWorld()));
  afterEach(() => world.close());

  it("X-2 an operator's words are never sent twice, and what waited behind them goes on soon", async () => {
    const olga = await operator(world);
    person().write("позовите человека");
    await world.advance(10_000);
    const { id } = await conversation();
    Object.assign(world.telegram.faults.api, { cutAfterAccept: true, methods: ["sendMessage"] });
    await say(olga, id, "раз");
    await world.advance(2000);
    world.telegram.clearFaults();
    await say(olga, id, "два");
    await world.advance(30_000);

    expect(replies().slice(-2)).toEqual(["раз", "два"]);
    const { messages } = await thread(olga, id);
    expect(messages.slice(-2)).toMatchObject([{ status: "unclear" }, { status: "sent" }]);
  });

  it("X-2 a busy Telegram is obeyed, and nothing is lost or said twice", async () => {
    Object.assign(world.telegram.faults.api, { status: 429, retryAfter: 14, methods: ["sendMessage"] });
    person().write("сколько стоит доставка?");
    await world.advance(10_000);
    world.telegram.clearFaults();
    await world.advance(60_000);

    expect(replies()).toHaveLength(1);
    const tries = world.telegram.journal.entries.filter(({ path }) => path.endsWith("/sendMessage"));
    expect(tries[1]!.at - tries[0]!.at).toBeGreaterThanOrEqual(14_000);
  });
});

describe("X-5 who may speak for Telegram", () => {
  beforeEach(async () => void (world = await createWorld()));
  afterEach(() => world.close());

  it("X-5 a wrong or missing secret token is refused with 401, and nothing is stored", async () => {
    await world.settle();
    const { url, secret } = world.telegram.bots[0]!.hook!;
    const body = JSON.stringify({ update_id: 1, message: { text: "forged" } });
    const post = (headers: Record<string, string>) =>
      fetch(url, { method: "POST", headers: { "content-type": "application/json", ...headers }, body });
    const forged = await Promise.all([
      post({}),
      post({ "x-telegram-bot-api-secret-token": "wrong" }),
      post({ "x-telegram-bot-api-secret-token": `${secret}x` }),
    ]);
    const elsewhere = await fetch(url.replace("777000", "777001"), { method: "POST", body });
    await world.settle();

    expect(forged.map(({ status }) => status)).toEqual([401, 401, 401]);
    expect(elsewhere.status).toBe(404);
    expect(await world.db.query("select 1 from inbox")).toEqual([]);
    expect((await post({ "x-telegram-bot-api-secret-token": secret! })).status).toBe(200);
  });
});

describe("on a laptop without a public address", () => {
  beforeEach(async () => void (world = await createWorld({ TELEGRAM_POLLING: "on" })));
  afterEach(() => world.close());

  it("updates are asked for, stored, and only then counted as taken", async () => {
    await world.settle();
    expect(world.telegram.bots[0]!.hook).toBeNull();
    person().write("сколько стоит доставка?");
    await world.until("the robot answers", () => replies().length > 0);

    expect(replies()[0]).toContain("Курьер стоит 290 ₽");
    expect(world.telegram.bots[0]!.pending).toEqual([]);
    expect(await world.db.query("select account, dedupe from inbox")).toHaveLength(1);
  });

  it("after trouble they are asked for again, and nothing is answered twice", async () => {
    await world.settle();
    Object.assign(world.telegram.faults.api, { cutAfterAccept: true, methods: ["getUpdates"] });
    person().write("сколько стоит доставка?");
    await world.advance(3000);
    expect(world.telegram.bots[0]!.pending).toHaveLength(1);
    world.telegram.clearFaults();
    await world.until("the robot answers", () => replies().length > 0);
    await world.advance(60_000);

    expect(replies()).toHaveLength(1);
  });

  it("one process asks: another one waits until the first is gone", async () => {
    await world.settle();
    const { startDetour } = await import("../../src/main.ts");
    const second = await startDetour(
      {
        DATABASE_URL: world.db.url,
        PORT: "0",
        LOG_LEVEL: "silent",
        TELEGRAM_BASE_URL: world.telegram.url,
        TELEGRAM_BOT_TOKEN: demo.bot.token,
        TELEGRAM_POLLING: "on",
      },
      { clock: world.clock, loops: "by hand" },
    );
    for (const pump of second.pumps) await pump.work();
    await world.settle();
    const conflicts = world.telegram.journal.entries.filter(({ status }) => status === 409);
    await second.stop();

    expect(conflicts).toEqual([]);
  });
});
