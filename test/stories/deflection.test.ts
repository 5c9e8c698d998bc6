import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createWorld, type World } from "../support/world.ts";
import {
  callerHearingOffer,
  hears,
  kindsOf,
  MOBILE,
  OFFER,
  operator,
  placeOf,
  sentences,
  story,
} from "../support/people.ts";

const templates = (world: World) => world.whatsapp.accepted.filter(({ body }) => body.type === "template");

describe("from the hotline to the messenger", () => {
  let world: World;
  beforeEach(async () => {
    world = await createWorld();
    await operator(world);
  });
  afterEach(() => world.close());

  it("DM-2 pressed 1: the template leaves, the receipt arrives, the farewell is said, the call ends, in that order", async () => {
    const phone = await callerHearingOffer(world);
    phone.press("1");
    await world.until("the call ends", () => phone.state === "ended");

    expect(phone.endedBy).toBe("detour");
    expect(sentences(phone).at(-1)).toContain("Сообщение доставлено");
    expect(templates(world)).toHaveLength(1);
    expect(templates(world)[0]).toMatchObject({ waId: MOBILE.slice(1), statuses: ["sent", "delivered"] });

    const events = await story(world, phone);
    const order = [
      "offer.made",
      "deflection.accepted",
      "invite.sending",
      "invite.accepted",
      "invite.delivered",
      "deflection.committed",
      "call.ended",
    ];
    expect(kindsOf(events).filter((kind) => order.includes(kind))).toEqual(order);
    const [conversation] = await world.db.query<{ call_id: string; owner: string }>(
      "select call_id, owner from conversation",
    );
    expect(conversation).toMatchObject({ owner: "bot", call_id: expect.any(String) });
  });

  it("DM-3 a number that is not on WhatsApp: the caller is told so and keeps the same place", async () => {
    world.whatsapp.faults.notOnWhatsApp = new Set([MOBILE.slice(1)]);
    const ahead = world.twilio.phones.call({ from: "+79160000001" });
    await world.advance(1000);
    const phone = await callerHearingOffer(world);
    const before = await placeOf(world, phone);

    phone.press("1");
    await world.until("the caller is told", () => hears(phone, /нет в WhatsApp/));

    expect(phone.state).toBe("in-queue");
    expect(await placeOf(world, phone)).toBe(before);
    expect(before).toBe(2);
    expect(ahead.state).toBe("in-queue");
    expect((await story(world, phone)).find(({ kind }) => kind === "deflection.kept")?.data).toMatchObject({
      because: "not-here",
    });
  });

  it("DM-3 what a number taught us is remembered: the next caller from it is told at once, nothing is sent", async () => {
    world.whatsapp.faults.notOnWhatsApp = new Set([MOBILE.slice(1)]);
    const first = await callerHearingOffer(world);
    first.press("1");
    await world.until("the caller is told", () => hears(first, /нет в WhatsApp/));
    first.hangUp();
    await world.advance(16 * 60_000);

    const sent = templates(world).length;
    const second = await callerHearingOffer(world).catch(() => null);
    second?.press("1");
    await world.advance(20_000);

    expect(templates(world)).toHaveLength(sent);
    if (second) expect(hears(second, /нет в WhatsApp/)).toBe(true);
  });

  it("DM-4 accepted by the API, then failed before the commit: as not on WhatsApp, the place is kept", async () => {
    world.whatsapp.latencies.delivered = 60_000;
    const phone = await callerHearingOffer(world);
    phone.press("1");
    await world.until("the template is accepted", () => templates(world).length === 1);
    world.whatsapp.fail(templates(world)[0]!.id, 131026);
    await world.until("the caller is told", () => hears(phone, /нет в WhatsApp/));

    expect(phone.state).toBe("in-queue");
    expect(await placeOf(world, phone)).toBe(1);
  });

  it("DM-2 the messenger takes a second for every answer: documents wait for none of them, and the caller still moves", async () => {
    world.whatsapp.faults.api.delayMs = 1000;
    world.whatsapp.latencies.delivered = 3000;
    const phone = await callerHearingOffer(world);
    const documents: { ms: number | null; status: number | null }[] = [];
    world.twilio.journal.onEntry(({ from, ms, status }) => {
      if (from === "twilio" && status !== null) documents.push({ ms, status });
    });
    phone.press("1");
    await world.until("the call ends", () => phone.state === "ended");

    expect(documents.length).toBeGreaterThan(2);
    expect(documents.filter(({ ms, status }) => ms !== 0 || status! >= 300)).toEqual([]);
    expect(phone.endedBy).toBe("detour");
    expect(sentences(phone).at(-1)).toContain("Сообщение доставлено");
    expect(templates(world)).toHaveLength(1);
    const order = ["invite.sending", "invite.accepted", "invite.delivered", "deflection.committed"];
    const events = (await story(world, phone)).filter(({ kind }) => order.includes(kind));
    expect(kindsOf(events)).toEqual(order);
    expect(events[1]!.at - events[0]!.at).toBeGreaterThanOrEqual(1000);
  });

  it("DM-5 the receipt never comes: after the patience the caller hears a choice and stays by default", async () => {
    world.whatsapp.faults.neverDelivered = true;
    const phone = await callerHearingOffer(world);
    const pressed = world.clock.now();
    phone.press("1");
    await world.until("the caller hears a choice", () => hears(phone, /Пока не видно/));
    const heard = phone.heard.find(({ text }) => /Пока не видно/.test(text))!.at;
    await world.advance(30_000);

    expect(heard - pressed).toBeGreaterThanOrEqual(8000);
    expect(heard - pressed).toBeLessThanOrEqual(15_000);
    expect(phone.state).toBe("in-queue");
    expect(await placeOf(world, phone)).toBe(1);
  });

  it("DM-5 the caller may choose to be called back: the callback has the first enqueue time", async () => {
    world.whatsapp.faults.neverDelivered = true;
    const phone = await callerHearingOffer(world);
    const [{ enqueued_at }] = (await world.db.query<{ enqueued_at: number }>("select enqueued_at from call")) as [
      { enqueued_at: number },
    ];
    phone.press("1");
    await world.until("the caller hears a choice", () => hears(phone, /Пока не видно/) && phone.listening);
    phone.press("2");
    await world.until("the call ends", () => phone.state === "ended");

    expect(sentences(phone).at(-1)).toContain("Мы перезвоним");
    expect(await world.db.query("select phone, enqueued_at from callback")).toEqual([{ phone: MOBILE, enqueued_at }]);
  });

  it("DM-6 the caller hangs up while we wait for the receipt: the chat still opens, no callback unless asked", async () => {
    const phone = await callerHearingOffer(world);
    phone.press("1");
    await world.until("the template is accepted", () => templates(world).length === 1);
    phone.hangUp();
    await world.advance(30_000);

    expect(phone.endedBy).toBe("caller");
    expect(templates(world)[0]!.statuses).toContain("delivered");
    expect(await world.db.query("select 1 from callback")).toEqual([]);
    const kinds = kindsOf(await story(world, phone));
    expect(kinds).toContain("deflection.caller-left");
    expect(kinds).not.toContain("deflection.committed");
    expect(await world.db.query("select owner from conversation")).toEqual([{ owner: "bot" }]);
  });

  it("DM-7 an operator becomes free meanwhile: voice wins, and the chat says so", async () => {
    world.whatsapp.latencies.delivered = 60_000;
    const olga = await operator(world);
    const phone = await callerHearingOffer(world);
    phone.press("1");
    await world.until("the template is accepted", () => templates(world).length === 1);

    expect((await olga.request("POST", "/api/calls/take-next", {})).status).toBe(202);
    await world.until("they talk", () => phone.state === "talking", 30_000);
    await world.advance(90_000);

    expect(phone.talkingWith).toBe(olga.endpoint);
    expect((await story(world, phone)).find(({ kind }) => kind === "deflection.kept")?.data).toMatchObject({
      because: "answered",
    });
    expect(sentences(phone).join(" ")).not.toContain("До свидания");
    const notices = await world.db.query<{ text: string }>("select text from message where author = 'system'");
    expect(notices.map(({ text }) => text).join(" ")).toContain("по телефону");
  });

  it("DM-8 silence keeps the place, and the offer is not made again for a while", async () => {
    const phone = await callerHearingOffer(world);
    await world.advance(4 * 60_000);

    expect(phone.state).toBe("in-queue");
    expect(await placeOf(world, phone)).toBe(1);
    expect(sentences(phone).filter((text) => OFFER.test(text))).toHaveLength(1);
    await world.advance(3 * 60_000);
    expect(sentences(phone).filter((text) => OFFER.test(text)).length).toBeGreaterThan(1);
  });

  it("DM-8 a hidden caller who stayed silent is not asked again for a while either", async () => {
    const phone = world.twilio.phones.call({ from: "anonymous" });
    await world.until("the caller hears the offer", () => hears(phone, OFFER) && phone.listening);
    await world.advance(4 * 60_000);

    expect(phone.state).toBe("in-queue");
    expect(sentences(phone).filter((text) => OFFER.test(text))).toHaveLength(1);
  });

  it("DM-8 a refusal keeps the place; the number is not asked again in this call nor the next day", async () => {
    const phone = await callerHearingOffer(world);
    phone.press("5");
    await world.advance(10 * 60_000);
    expect(phone.state).toBe("in-queue");
    expect(sentences(phone).filter((text) => OFFER.test(text))).toHaveLength(1);
    phone.hangUp();

    await world.leap(24 * 3600_000);
    const again = world.twilio.phones.call({ from: MOBILE });
    await world.advance(2 * 60_000);

    expect(again.state).toBe("in-queue");
    expect(hears(again, OFFER)).toBe(false);
    const decision = (await story(world, again)).find(({ kind }) => kind === "offer.decided");
    expect(decision?.data).toMatchObject({ offer: false });
  });

  it("DM-18 a hidden caller keys in a mobile number, hears it back, and only then is anything sent", async () => {
    const phone = world.twilio.phones.call({ from: "anonymous" });
    await world.until("the caller hears the offer", () => hears(phone, OFFER) && phone.listening);
    phone.press("1");
    await world.until("the number is asked", () => hears(phone, /Введите номер/) && phone.listening);
    for (const key of "89161234567#") phone.press(key);
    await world.until("the number is read back", () => hears(phone, /Вы ввели/) && phone.listening);
    expect(world.whatsapp.accepted).toEqual([]);

    phone.press("1");
    await world.until("the call ends", () => phone.state === "ended");

    expect(sentences(phone).find((text) => text.startsWith("Вы ввели"))).toMatch(/7.*9.*1.*6.*1.*2.*3.*4.*5.*6.*7/);
    expect(templates(world).map(({ waId }) => waId)).toEqual([MOBILE.slice(1)]);
  });

  it("DM-18 a landline caller is asked for a mobile number too, and an unconfirmed number gets nothing", async () => {
    const phone = world.twilio.phones.call({ from: "+74957250000" });
    await world.until("the caller hears the offer", () => hears(phone, OFFER) && phone.listening);
    phone.press("1");
    await world.until("the number is asked", () => hears(phone, /Введите номер/) && phone.listening);
    for (const key of "89161234567#") phone.press(key);
    await world.until("the number is read back", () => hears(phone, /Вы ввели/) && phone.listening);
    await world.advance(60_000);

    expect(world.whatsapp.accepted).toEqual([]);
    expect(phone.state).toBe("in-queue");
  });

  it("DM-19 both: the chat opens and the call stays in the queue at its place", async () => {
    const phone = await callerHearingOffer(world);
    phone.press("2");
    await world.until("the message is delivered", () => templates(world)[0]?.statuses.includes("delivered") ?? false);
    await world.advance(60_000);

    expect(phone.state).toBe("in-queue");
    expect(await placeOf(world, phone)).toBe(1);
    expect(hears(phone, /доставлено. Вы остаётесь/)).toBe(true);
  });

  it("DM-20 'call me' in the chat takes the first place in the voice queue back", async () => {
    const phone = await callerHearingOffer(world);
    const [{ enqueued_at }] = (await world.db.query<{ enqueued_at: number }>("select enqueued_at from call")) as [
      { enqueued_at: number },
    ];
    phone.press("1");
    await world.until("the call ends", () => phone.state === "ended");
    await world.advance(60_000);

    world.whatsapp.customer(MOBILE.slice(1)).write("перезвоните мне, пожалуйста");
    await world.advance(15_000);

    expect(await world.db.query("select phone, enqueued_at from callback")).toEqual([{ phone: MOBILE, enqueued_at }]);
    expect(world.whatsapp.customer(MOBILE.slice(1)).inbox.at(-1)?.text).toContain("Ваше место в очереди");
  });
});

describe("with the weaker commit level", () => {
  let world: World;
  beforeEach(async () => {
    world = await createWorld({ COMMIT_LEVEL: "sent" });
    await operator(world);
  });
  afterEach(() => world.close());

  it("DM-4 failed after the commit: a callback is owed with the first enqueue time, and it counts as a wrong hang-up", async () => {
    world.whatsapp.latencies.delivered = 3_600_000;
    const phone = await callerHearingOffer(world);
    const [{ enqueued_at }] = (await world.db.query<{ enqueued_at: number }>("select enqueued_at from call")) as [
      { enqueued_at: number },
    ];
    phone.press("1");
    await world.until("the call ends", () => phone.state === "ended");
    world.whatsapp.fail(templates(world)[0]!.id, 131026);
    await world.advance(5000);

    expect(await world.db.query("select phone, enqueued_at from callback")).toEqual([{ phone: MOBILE, enqueued_at }]);
    const owed = (await story(world, phone)).find(({ kind }) => kind === "deflection.owed");
    expect(owed?.data).toMatchObject({ wrongHangUp: true });
  });
});
