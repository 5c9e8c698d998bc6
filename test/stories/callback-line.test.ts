import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Phone } from "../../sim/twilio/index.ts";
import {
  allCallbacks,
  callbackSteps,
  choosesCallback,
  isAt,
  legTo,
  talks,
  theCallback,
  timesRung,
} from "../support/callbacks.ts";
import { callerHearingOffer, hears, kindsOf, MOBILE, operator, placeOf, sentences } from "../support/people.ts";
import { createWorld, type World } from "../support/world.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** When every story begins, in Moscow. */
const NOON = Date.UTC(2026, 10, 20, 9);

/** The working hours of every day. */
async function open(world: World, hours: { from: string; until: string }) {
  await world.db.query(
    `insert into brand (tenant, code, name, locale, region, time_zone, hours, updated_at)
     values ('main', 'default', '{"ru": "", "en": ""}', 'ru', 'RU', 'Europe/Moscow', $1, now())`,
    [JSON.stringify([{ days: [1, 2, 3, 4, 5, 6, 7], ...hours }])],
  );
  await world.db.query(`update queue set rules = rules || '{"whenClosed": "callback"}'`);
  await world.advance(20_000);
}

const templates = (world: World) => world.whatsapp.accepted.filter(({ body }) => body.type === "template");
const takeNext = (by: Awaited<ReturnType<typeof operator>>) => by.request("POST", "/api/calls/take-next", {});

describe("the line of callers and callbacks", () => {
  let world: World;
  beforeEach(async () => {
    world = await createWorld({ OPERATOR_REST_SECONDS: "5" });
  });
  afterEach(() => world.close());

  it("INF-4b the first place goes first, whether on the phone or to be called back", async () => {
    const early = world.twilio.phones.call({ from: "+79160000001" });
    await world.advance(1000);
    const first = await choosesCallback(world);
    const late = world.twilio.phones.call({ from: "+79160000003" });
    await world.advance(2000);
    expect(await placeOf(world, late)).toBe(3);

    const olga = await operator(world);
    const pavel = await operator(world);
    const emma = await operator(world);
    await world.advance(10_000);
    expect(timesRung(world, MOBILE)).toBe(0);
    expect((await takeNext(olga)).status).toBe(202);
    await world.until("the first caller is served", () => early.state === "talking");
    await world.until("the customer is called back", talks(world, MOBILE));
    expect(late.state).toBe("in-queue");
    const free = [pavel, emma].find(({ endpoint }) => endpoint !== legTo(world, MOBILE)!.talkingWith)!;
    expect((await takeNext(free)).status).toBe(202);
    await world.until("the last caller is served", () => late.state === "talking");
    expect(first.state).toBe("ended");
  });

  it("INF-4b 'take next' takes a callback where nobody's phone rings by itself", async () => {
    await world.db.query(`update queue set rules = rules || '{"callbacks": {"ring": "by-hand"}}'`);
    const olga = await operator(world);
    await choosesCallback(world);
    await world.advance(2 * MINUTE);
    expect(timesRung(world, olga.endpoint)).toBe(0);

    expect((await takeNext(olga)).status).toBe(202);
    await world.until("they talk", talks(world, MOBILE));
    expect(legTo(world, MOBILE)!.talkingWith).toBe(olga.endpoint);
  });

  it("INF-4b the customer who calls in again and is answered is not called back", async () => {
    await choosesCallback(world);
    await world.advance(MINUTE);
    const again = world.twilio.phones.call({ from: MOBILE });
    await world.advance(3000);
    const olga = await operator(world);
    await world.advance(30_000);
    expect(timesRung(world, MOBILE)).toBe(0);

    expect((await takeNext(olga)).status).toBe(202);
    await world.until("they talk", () => again.state === "talking");
    expect(await theCallback(world)).toMatchObject({ status: "cancelled", state: { because: "called-in" } });
  });

  it("INF-4b two callbacks of one number are never dialled at once", async () => {
    await world.db.query(
      `insert into queue (tenant, code, number, locale, name, rules) values ('main', 'second', null, 'ru', '{}', '{}')`,
    );
    const crew = [await operator(world, { online: false }), await operator(world, { online: false })];
    await choosesCallback(world);
    const [first] = await allCallbacks(world);
    await world.db.query(
      `insert into callback (tenant, id, queue, phone, reason, enqueued_at, created_at)
       select tenant, gen_random_uuid(), 'second', phone, 'asked-in-chat', enqueued_at, created_at from callback where id = $1`,
      [first!.id],
    );
    for (const one of crew) await one.request("PUT", "/api/presence", { status: "online" });
    await world.until("they talk", talks(world, MOBILE));
    await world.advance(MINUTE);

    expect(timesRung(world, MOBILE)).toBe(1);
    legTo(world, MOBILE)!.hangUp();
    await world.until("the other one is dialled", () => timesRung(world, MOBILE) === 2, 2 * MINUTE);
  });

  it("INF-4b a callback can be dismissed with a reason, and is not dialled then", async () => {
    await choosesCallback(world);
    const olga = await operator(world, { online: false });
    const { id } = await theCallback(world);
    const path = `/api/callbacks/${id}/dismiss`;
    expect((await olga.request("POST", path, {})).status).toBe(422);
    expect((await olga.request("POST", path, { reason: "Вопрос решён по почте" })).status).toBe(204);
    expect(await olga.request("POST", path, { reason: "ещё раз" })).toMatchObject({
      status: 409,
      body: { code: "callback_over" },
    });
    await olga.request("PUT", "/api/presence", { status: "online" });
    await world.advance(2 * MINUTE);

    expect(timesRung(world, MOBILE)).toBe(0);
    expect(await theCallback(world)).toMatchObject({ status: "cancelled", note: "Вопрос решён по почте" });
    const over = await olga.request("GET", "/api/callbacks?which=over");
    expect(over.body).toMatchObject({ callbacks: [{ id, status: "cancelled", why: { because: "over" } }] });
    const logged = (await callbackSteps(world)).find(({ kind }) => kind === "callback.cancelled");
    expect(logged?.data).toMatchObject({ because: "dismissed", by: olga.id });
    expect(JSON.stringify(logged)).not.toContain("почте");
  });

  it("INF-4b the list says where each callback stands and why, and one can be tried now", async () => {
    world.twilio.operatorPhones.plan(MOBILE, "busy");
    await choosesCallback(world);
    const olga = await operator(world);
    const list = async () =>
      (await olga.request<{ callbacks: Record<string, unknown>[] }>("GET", "/api/callbacks")).body.callbacks;
    expect(await list()).toMatchObject([
      { phone: MOBILE, reason: "chosen", status: expect.any(String), tries: 0, promise: { kind: "in-turn" } },
    ]);
    await world.until("the retry is planned", isAt(world, "retry"));
    const { id, due_at } = await theCallback(world);
    expect(await list()).toMatchObject([
      { id, place: null, tries: 1, last: { how: "busy" }, why: { because: "retry", at: due_at } },
    ]);

    await world.advance(MINUTE);
    world.twilio.operatorPhones.plan(MOBILE, { answerAfterMs: 2000 });
    expect((await olga.request("POST", `/api/callbacks/${id}/try`, {})).status).toBe(202);
    await world.until("they talk", talks(world, MOBILE));
    expect(await olga.request("POST", `/api/callbacks/${id}/try`, {})).toMatchObject({
      status: 409,
      body: { code: "already_on_call" },
    });
    const pavel = await operator(world);
    expect(await pavel.request("POST", `/api/callbacks/${id}/try`, {})).toMatchObject({
      status: 409,
      body: { code: "callback_in_progress" },
    });
  });
});

describe("where callbacks come from", () => {
  let world: World;
  afterEach(() => world.close());

  it("DM-4 a wrong hang-up is made good: the customer is called back at the first place", async () => {
    world = await createWorld({ COMMIT_LEVEL: "sent" });
    const olga = await operator(world);
    world.whatsapp.latencies.delivered = HOUR;
    const phone = await callerHearingOffer(world);
    phone.press("1");
    await world.until("the call ends", () => phone.state === "ended");
    world.whatsapp.fail(templates(world)[0]!.id, 131026);
    await world.until("they talk", talks(world, MOBILE));

    expect(sentences(legTo(world, olga.endpoint)!)[0]).toContain("мы закончили звонок, а сообщение не дошло");
    expect(kindsOf(await callbackSteps(world))[0]).toBe("callback.owed");
  });

  it("DM-20 'call me' in the chat: the customer is told when, and is called at the first place", async () => {
    world = await createWorld();
    const olga = await operator(world);
    const phone = await callerHearingOffer(world);
    const [{ enqueued_at }] = (await world.db.query("select enqueued_at from call")) as [{ enqueued_at: number }];
    phone.press("1");
    await world.until("the call ends", () => phone.state === "ended");
    await world.advance(MINUTE);
    const customer = world.whatsapp.customer(MOBILE.slice(1));
    customer.write("перезвоните мне, пожалуйста");
    await world.until("it is promised", async () => (await allCallbacks(world)).length > 0);
    await world.until("they talk", talks(world, MOBILE));

    expect(customer.inbox.at(-1)?.text).toMatch(/Ждите звонка примерно через \d+–\d+ минут/);
    expect(await theCallback(world)).toMatchObject({ reason: "asked-in-chat", enqueued_at });
    expect(sentences(legTo(world, olga.endpoint)!)[0]).toContain("попросил перезвонить в чате");
  });

  it("DM-20 an operator who has answered in the chat and closes it calls the callback off", async () => {
    world = await createWorld();
    const olga = await operator(world, { online: false });
    const phone = await callerHearingOffer(world);
    phone.press("1");
    await world.until("the call ends", () => phone.state === "ended");
    await world.advance(MINUTE);
    world.whatsapp.customer(MOBILE.slice(1)).write("перезвоните мне, пожалуйста");
    await world.until("it is promised", async () => (await allCallbacks(world)).length > 0);
    const [{ id }] = (await world.db.query<{ id: string }>("select id from conversation")) as [{ id: string }];
    const said = { text: "Ваш заказ уже у курьера", clientId: crypto.randomUUID() };
    await world.advance(1000);
    expect((await olga.request("POST", `/api/conversations/${id}/messages`, said)).status).toBe(202);
    await world.advance(1000);
    expect((await olga.request("POST", `/api/conversations/${id}/close`, {})).status).toBeLessThan(300);

    expect(await theCallback(world)).toMatchObject({ status: "cancelled", state: { because: "chat" } });
  });

  it("INF-4b a full queue promises a call with its time, and keeps the promise", async () => {
    world = await createWorld();
    const olga = await operator(world);
    const phone = world.twilio.phones.call({ from: "+79160000001" });
    await world.advance(2000);
    world.twilio.queues.byName("hotline-ru")!.maxSize = 1;
    const late: Phone = world.twilio.phones.call({ from: MOBILE });
    await world.until("the call ends", () => late.state === "ended");
    expect(sentences(late).at(-1)).toMatch(/Мы запомнили ваше место и перезвоним вам примерно через \d+–\d+ минут/);
    phone.hangUp();
    await world.until("they talk", talks(world, MOBILE));

    expect(sentences(legTo(world, olga.endpoint)!)[0]).toContain("все линии были заняты");
  });

  it("INF-4b outside of working hours the caller is called back in the first hour after opening, not before", async () => {
    world = await createWorld();
    await open(world, { from: "12:30", until: "11:00" });
    const olga = await operator(world);
    const phone = world.twilio.phones.call({ from: MOBILE });
    await world.until("the caller is asked", () => hears(phone, /нажмите 2/) && phone.listening);
    expect(sentences(phone)[0]).toContain("Сейчас мы не работаем, откроемся в 12:30");
    phone.press("2");
    await world.until("the call ends", () => phone.state === "ended");
    await world.settle();
    expect(sentences(phone).at(-1)).toBe("Мы перезвоним вам с 12:30 до 13:30, когда откроемся. До свидания!");
    expect(await world.db.query("select end_reason from call")).toEqual([{ end_reason: "callback" }]);
    const { id } = await theCallback(world);
    expect(await olga.request("POST", `/api/callbacks/${id}/try`, {})).toMatchObject({
      status: 409,
      body: { code: "outside_hours" },
    });
    expect((await olga.request("GET", "/api/callbacks")).body).toMatchObject({
      callbacks: [{ why: { because: "outside-hours", at: NOON + 30 * MINUTE } }],
    });
    await world.advance(28 * MINUTE);
    expect(timesRung(world, olga.endpoint)).toBe(0);

    await world.until("they talk", talks(world, MOBILE), 5 * MINUTE);
    expect(world.clock.now()).toBeGreaterThanOrEqual(NOON + 30 * MINUTE);
  });

  it("INF-4b outside of working hours a caller who wants nothing hears when we open", async () => {
    world = await createWorld();
    await open(world, { from: "09:00", until: "11:00" });
    const silent = world.twilio.phones.call({ from: MOBILE });
    const hidden = world.twilio.phones.call({ from: "anonymous" });
    await world.until("both calls end", () => silent.state === "ended" && hidden.state === "ended", 2 * MINUTE);

    expect(sentences(silent).filter((text) => text.includes("нажмите 2"))).toHaveLength(2);
    expect(sentences(silent).at(-1)).toBe("Мы откроемся в 09:00. Позвоните нам позже. До свидания!");
    expect(sentences(hidden)).toEqual(["Мы откроемся в 09:00. Позвоните нам позже. До свидания!"]);
    expect(await allCallbacks(world)).toEqual([]);
    expect(await world.db.query("select distinct end_reason from call")).toEqual([{ end_reason: "closed" }]);
  });
});
