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

const SMS = { SMS_NUMBER: "+74951234567" };
const templates = (world: World) => world.whatsapp.accepted.filter(({ body }) => body.type === "template");

describe("text messages as the next channel", () => {
  let world: World;
  beforeEach(async () => {
    world = await createWorld(SMS);
    await operator(world);
  });
  afterEach(() => world.close());

  /** Pressed 1 for WhatsApp, is not there, and hears the offer of a text message. */
  async function callerOfferedSms(from = MOBILE) {
    world.whatsapp.faults.notOnWhatsApp = new Set([from.slice(1)]);
    const phone = await callerHearingOffer(world, from);
    phone.press("1");
    await world.until("the next channel is offered", () => hears(phone, /эсэмэс со ссылкой/));
    return phone;
  }

  it("DM-3 not on WhatsApp: the next channel is offered at the same place, and the call ends after its receipt", async () => {
    const ahead = world.twilio.phones.call({ from: "+79160000001" });
    await world.advance(1000);
    const phone = await callerOfferedSms();
    expect(hears(phone, /нет в WhatsApp/)).toBe(true);
    expect(await placeOf(world, phone)).toBe(2);

    phone.press("1");
    await world.until("the call ends", () => phone.state === "ended");

    expect(phone.endedBy).toBe("detour");
    expect(sentences(phone).at(-1)).toContain("Эсэмэс доставлена");
    expect(world.twilio.messages.all).toMatchObject([{ to: MOBILE, from: SMS.SMS_NUMBER, status: "delivered" }]);
    expect(ahead.state).toBe("in-queue");
    const order = ["deflection.kept", "offer.made", "deflection.accepted", "invite.delivered", "deflection.committed"];
    expect(kindsOf(await story(world, phone)).filter((kind) => order.includes(kind))).toEqual([
      "offer.made",
      "deflection.accepted",
      ...order,
    ]);
  });

  it("DM-3 a text message that does not arrive: the caller keeps the place, and nothing is offered any more", async () => {
    world.twilio.messages.plan(MOBILE, { status: "undelivered", errorCode: 30006 });
    const phone = await callerOfferedSms();
    phone.press("1");
    await world.until("the caller is told", () => hears(phone, /эсэмэс не доходят/));
    await world.advance(60_000);

    expect(phone.state).toBe("in-queue");
    expect(await placeOf(world, phone)).toBe(1);
    expect(sentences(phone).filter((text) => OFFER.test(text))).toHaveLength(2);
  });

  it("DM-3 news of the first channel that comes late moves nothing on the second", async () => {
    const phone = await callerOfferedSms();
    world.twilio.messages.plan(MOBILE, { status: "delivered" });
    phone.press("1");
    world.whatsapp.fail(templates(world)[0]!.id, 131026);
    await world.until("the call ends", () => phone.state === "ended");

    expect(sentences(phone).at(-1)).toContain("Эсэмэс доставлена");
  });

  it("DM-3 a number in a country that may not be written to by SMS is refused before anything is sent", async () => {
    const phone = await callerOfferedSms("+447400123456");
    phone.press("1");
    await world.until("the caller is told", () => hears(phone, /не получается отправить эсэмэс/));

    expect(phone.state).toBe("in-queue");
    expect(world.twilio.messages.all).toEqual([]);
  });

  it("DM-18 a keyed-in number is used for the next channel as well", async () => {
    world.whatsapp.faults.notOnWhatsApp = new Set([MOBILE.slice(1)]);
    const phone = await callerHearingOffer(world, "anonymous");
    phone.press("1");
    await world.until("the number is asked for", () => hears(phone, /Введите номер/) && phone.listening);
    for (const key of "89161234567#") phone.press(key);
    await world.until("it is read back", () => hears(phone, /Вы ввели/) && phone.listening);
    phone.press("1");
    await world.until("the next channel is offered", () => hears(phone, /эсэмэс со ссылкой/));
    phone.press("1");
    await world.until("the call ends", () => phone.state === "ended");

    expect(world.twilio.messages.all).toMatchObject([{ to: MOBILE }]);
  });
});
