import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createRandom } from "../../sim/kit/random.ts";
import type { Phone } from "../../sim/twilio/index.ts";
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
import { createWorld, type World } from "../support/world.ts";

type Operator = Awaited<ReturnType<typeof operator>>;

const templates = (world: World) => world.whatsapp.accepted.filter(({ body }) => body.type === "template");
const lastHeard = (phone: Phone, words: RegExp) => sentences(phone).findLast((text) => words.test(text));
const hearsOffer = (world: World, phone: Phone) =>
  world.until("the caller hears the offer", () => hears(phone, OFFER) && phone.listening);

/** Callers who come one second after the other. */
async function callers(world: World, count: number): Promise<Phone[]> {
  const phones: Phone[] = [];
  for (let i = 0; i < count; i++) {
    phones.push(world.twilio.phones.call({ from: `+7916300000${i}` }));
    await world.advance(1000);
  }
  return phones;
}

/** Who answers to "take the next call". */
async function taken(world: World, by: Operator, among: Phone[]): Promise<Phone> {
  expect((await by.request("POST", "/api/calls/take-next", {})).status).toBe(202);
  const theirs = () => among.find(({ talkingWith }) => talkingWith === by.endpoint);
  await world.until("they talk", () => theirs() !== undefined, 30_000);
  return theirs()!;
}

describe("waiting in the queue", () => {
  let world: World;
  beforeEach(async () => {
    world = await createWorld({ CHAT_SHOP_NAME: "Kubik & Co" });
  });
  afterEach(() => world.close());

  it("the caller is greeted in the name of the company and hears the place and the expected wait", async () => {
    await operator(world);
    const [first, second] = (await callers(world, 2)) as [Phone, Phone];
    await world.until("both hear their place", () => hears(first, /Вы следующий/) && hears(second, /Вы 2-й/));

    expect(sentences(first)[0]).toBe("Здравствуйте! Вы позвонили в Kubik & Co. Сейчас все операторы заняты.");
    expect(lastHeard(first, /Вы следующий/)).toMatch(/Ожидание — \d+–\d+ минут/);
    expect(lastHeard(second, /Вы 2-й/)).toMatch(/Ожидание — \d+–\d+ минут/);
    expect(await placeOf(world, second)).toBe(2);
  });

  it("the place is told again every minute, and is lower when somebody ahead has left", async () => {
    for (let i = 0; i < 12; i++) await operator(world);
    const [first, second] = (await callers(world, 2)) as [Phone, Phone];
    await world.until("the second hears the place", () => hears(second, /Вы 2-й/));
    first.hangUp();
    await world.advance(75_000);

    expect(hears(second, /Вы следующий/)).toBe(true);
    expect(second.state).toBe("in-queue");
  });

  it("two callers of the same millisecond have different places", async () => {
    await operator(world);
    const phones = ["+79163000001", "+79163000002"].map((from) => world.twilio.phones.call({ from }));
    await world.advance(90_000);

    const arrivals = await world.db.query<{ enqueued_at: number }>("select distinct enqueued_at from call");
    expect(arrivals).toHaveLength(1);
    const places = await Promise.all(phones.map((phone) => placeOf(world, phone)));
    expect(new Set(places)).toEqual(new Set([1, 2]));
    const told = phones.map((phone) => lastHeard(phone, /^Вы (следующий|2-й)/));
    places.forEach((place, index) => expect(told[index]).toMatch(place === 1 ? /Вы следующий/ : /Вы 2-й/));
  });

  it("DM-7 operators get callers in the order of their arrival, whatever the callers pressed meanwhile", async () => {
    world.whatsapp.latencies.delivered = 600_000;
    const team = [await operator(world), await operator(world), await operator(world), await operator(world)];
    const phones = await callers(world, 4);
    await hearsOffer(world, phones[0]!);
    phones[0]!.press("1");
    await world.until("its template is accepted", () => templates(world).length === 1);

    const order: Phone[] = [];
    for (const by of team) order.push(await taken(world, by, phones));

    expect(order.map(({ sid }) => sid)).toEqual(phones.map(({ sid }) => sid));
  });

  it("a call whose end we never heard of does not hold its place for ever", async () => {
    await operator(world);
    const [first, second] = (await callers(world, 2)) as [Phone, Phone];
    world.twilio.faults.webhook.dropChance = 1;
    await world.db.query(
      "update call set provider_call = 'CA_of_a_provider_that_was_restarted' where provider_call = $1",
      [first.sid],
    );
    first.hangUp();
    await world.advance(4 * 60_000);

    expect(await placeOf(world, second)).toBe(1);
    expect(second.state).toBe("in-queue");
    const ended = await world.db.query<{ data: object }>("select data from event where kind = 'call.ended'");
    expect(ended).toMatchObject([{ data: { endedBy: "unknown", reason: "lost-contact" } }]);
  });
});

describe("a caller who was let out of the queue too early", () => {
  let world: World;
  beforeEach(async () => {
    world = await createWorld({ COMMIT_LEVEL: "sent" });
  });
  afterEach(() => world.close());

  it("DM-4 waits in the lane of returned callers and is served at the original place", async () => {
    world.whatsapp.latencies.delivered = 600_000;
    const team = [await operator(world), await operator(world), await operator(world)];
    const [first, second, third] = (await callers(world, 3)) as [Phone, Phone, Phone];
    await hearsOffer(world, second);
    second.press("1");
    await world.until("the template is accepted", () => templates(world).length === 1);
    world.twilio.faults.webhook.delayMs = 2500;
    const isLeaving = async () => (await world.db.query("select 1 from deflection where at = 'leaving'")).length > 0;
    await world.until("the farewell may be said", isLeaving);
    world.whatsapp.fail(templates(world)[0]!.id, 131026);
    await world.settle();
    world.twilio.faults.webhook.delayMs = 0;
    await world.until(
      "the caller is told",
      () => hears(second, /Возвращаем вас в очередь/) && second.state === "in-queue",
    );

    expect((await story(world, second)).find(({ kind }) => kind === "call.returned")?.data).toMatchObject({
      lane: "hotline-ru-returned",
    });
    expect(await placeOf(world, second)).toBe(2);
    const order: Phone[] = [];
    for (const by of team) order.push(await taken(world, by, [first, second, third]));
    expect(order.map(({ sid }) => sid)).toEqual([first, second, third].map(({ sid }) => sid));
  });
});

describe("how soon a caller who pressed 1 knows", () => {
  it(
    "DM-5 the decision is heard within 15 s always, at the default patience within 10 s as a rule",
    { timeout: 300_000 },
    async () => {
      const world = await createWorld();
      const random = createRandom(2026);
      const upTo = (ms: number) => random.below(ms + 1);
      const DECIDED = /Сообщение доставлено|нет в WhatsApp|Пока не видно/;
      try {
        await operator(world);
        const took: { outcome: string; ms: number }[] = [];
        for (let i = 0; i < 30; i++) {
          const from = `+791640000${String(i).padStart(2, "0")}`;
          const outcome = ["delivered", "not-on-whatsapp", "never-delivered"][i % 3]!;
          world.whatsapp.faults.notOnWhatsApp = new Set(outcome === "not-on-whatsapp" ? [from.slice(1)] : []);
          world.whatsapp.faults.neverDelivered = outcome === "never-delivered";
          Object.assign(world.whatsapp.latencies, {
            sent: 100 + upTo(900),
            delivered: 600 + upTo(6000),
            failed: 200 + upTo(6000),
          });
          world.whatsapp.faults.callbacks.delayMs = upTo(500);
          world.twilio.faults.webhook.delayMs = upTo(300);
          const phone = await callerHearingOffer(world, from);
          const pressed = world.clock.now();
          phone.press("1");
          await world.until("the decision is heard", () => hears(phone, DECIDED));
          took.push({ outcome, ms: phone.heard.find(({ text }) => DECIDED.test(text))!.at - pressed });
          phone.hangUp();
          await world.advance(2000);
        }

        const inOrder = took.map(({ ms }) => ms).toSorted((a, b) => a - b);
        expect(inOrder.at(-1)).toBeLessThanOrEqual(15_000);
        expect(inOrder[Math.ceil(inOrder.length * 0.95) - 1]).toBeLessThanOrEqual(10_000);
      } finally {
        await world.close();
      }
    },
  );
});

describe("saying it instead of pressing", () => {
  let world: World;
  beforeEach(async () => {
    world = await createWorld({ HOTLINES: "+74950000142:ru,+442079460142:en" });
    await operator(world);
  });
  afterEach(() => world.close());

  it("«да» is a yes on the Russian line", async () => {
    const phone = await callerHearingOffer(world);
    expect(phone.say("да")).toBe(true);
    await world.until("the call ends", () => phone.state === "ended");

    expect(sentences(phone).at(-1)).toContain("Сообщение доставлено");
    expect((await story(world, phone)).find(({ kind }) => kind === "offer.answered")?.data).toMatchObject({
      answer: "move",
      by: "speech",
    });
  });

  it('"yes" is a yes on the English line, where everything is in English', async () => {
    const phone = world.twilio.phones.call({ from: "+447911123456", to: "+442079460142" });
    await world.until("the caller hears the offer", () => hears(phone, /press 1/) && phone.listening);
    expect(phone.say("Yes, please.")).toBe(true);
    await world.until("the call ends", () => phone.state === "ended");

    expect(sentences(phone)[0]).toMatch(/^Thank you for calling /);
    expect(sentences(phone).at(-1)).toContain("The message has arrived.");
    expect(sentences(phone).join(" ")).not.toMatch(/[а-яё]/i);
    expect(templates(world)[0]).toMatchObject({ waId: "447911123456", statuses: ["sent", "delivered"] });
  });
});

describe("X-4 while the messenger is out of order", () => {
  let world: World;
  beforeEach(async () => {
    world = await createWorld();
    await operator(world);
  });
  afterEach(() => world.close());

  const SORRY = /не получается написать|Пока не видно/;

  it("X-4 with its API dead every caller hears a sentence and keeps the place; the message still arrives later", async () => {
    world.whatsapp.faults.api.down = true;
    const phones = await callers(world, 4);
    await world.until("everybody hears the offer", () => phones.every((phone) => hears(phone, OFFER)));
    const asked = new Set<Phone>();
    const pressing = () => {
      for (const phone of phones) if (!asked.has(phone) && phone.listening && phone.press("1")) asked.add(phone);
      return asked.size === phones.length;
    };
    await world.until("everybody has pressed 1", pressing);
    await world.until("everybody hears a sentence", () => phones.every((phone) => hears(phone, SORRY)), 30_000);
    await world.advance(60_000);

    expect(phones.map(({ state }) => state)).toEqual(phones.map(() => "in-queue"));
    expect(await Promise.all(phones.map((phone) => placeOf(world, phone)))).toEqual([1, 2, 3, 4]);
    world.whatsapp.faults.api.down = false;
    await world.advance(6 * 60_000);
    expect(templates(world)).toHaveLength(4);
    expect(phones.map(({ state }) => state)).toEqual(phones.map(() => "in-queue"));
  });

  it("X-4 with the alarm raised nobody is offered it any more, and after recovery offers come back", async () => {
    world.whatsapp.faults.api.errorCode = 190;
    const first = await callerHearingOffer(world);
    first.press("1");
    await world.until("the caller hears a sentence", () => hears(first, SORRY));
    expect(await world.db.query("select 1 from alarm")).toHaveLength(1);

    const second = world.twilio.phones.call({ from: "+79163000001" });
    await world.advance(2 * 60_000);
    expect(hears(second, /Вы 2-й/)).toBe(true);
    expect(hears(second, OFFER)).toBe(false);
    expect([first.state, second.state]).toEqual(["in-queue", "in-queue"]);

    world.whatsapp.faults.api.errorCode = null;
    await world.until("the caller who waits is offered it again", () => hears(second, OFFER), 8 * 60_000);
    expect(await world.db.query("select 1 from alarm")).toEqual([]);
    expect(kindsOf(await story(world, second))).toContain("offer.made");
  });

  it("X-4 an alarm ends by itself although the only message that could end it was refused for its own sake", async () => {
    world.whatsapp.faults.api.errorCode = 190;
    const first = await callerHearingOffer(world);
    first.press("1");
    await world.until("the caller hears a sentence", () => hears(first, SORRY));
    world.whatsapp.faults.api.errorCode = null;
    world.whatsapp.faults.notOnWhatsApp = new Set([MOBILE.slice(1)]);
    world.whatsapp.faults.notOnWhatsAppBy = "answer";
    await world.until(
      "the message is refused",
      async () => (await world.db.query("select 1 from message where status = 'failed'")).length > 0,
      5 * 60_000,
    );
    first.hangUp();
    await world.advance(30 * 60_000);

    const second = world.twilio.phones.call({ from: "+79163000001" });
    await world.until("the next caller is offered it", () => hears(second, OFFER), 60_000);
  });
});
