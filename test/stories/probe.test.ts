import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { WhatsAppWeb } from "../../sim/whatsapp-web/index.ts";
import { eventually } from "../support/eventually.ts";
import {
  callerHearingOffer,
  hears,
  OFFER,
  operator,
  placeOf,
  sentences,
  story,
  type Worker,
} from "../support/people.ts";
import { WEB_ACCOUNT, webAccount, type WebAccount } from "../support/web-account.ts";
import { createWorld, type World } from "../support/world.ts";

const PROBE_SECONDS = 2;

let world: World;
let web: WhatsAppWeb;

beforeEach(async () => {
  let account: WebAccount | null = null;
  world = await createWorld(
    { PROBE_SECONDS: String(PROBE_SECONDS) },
    {
      guest: async (clock) => {
        account = await webAccount(clock);
        web = account.web;
        return account.settings;
      },
    },
  );
  await operator(world);
  await account!.link(world);
});
afterEach(async () => {
  await world.close();
  await web.close();
});

const templates = () => world.whatsapp.accepted.filter(({ body }) => body.type === "template");
const sentTo = (from: string) => templates().filter(({ waId }) => waId === from.slice(1));

type Phone = Awaited<ReturnType<typeof callerHearingOffer>>;

/** From the key press to the moment the caller's fate no longer hangs on the question, in milliseconds. */
async function waitedForProbe(phone: Phone): Promise<number> {
  const events = await story(world, phone);
  const at = (...kinds: string[]) => events.find(({ kind }) => kinds.includes(kind))?.at ?? Number.NaN;
  return at("invite.sending", "deflection.kept") - at("deflection.accepted");
}

const reachOf = async (phone: Phone) => (await story(world, phone)).find(({ kind }) => kind === "reach.known")?.data;
const alarms = async (worker: Worker) =>
  (await worker.request<{ alarms: { code: string; words: string }[] }>("GET", "/api/alarms")).body.alarms;

describe("a probe that works", () => {
  it("somebody who is not on WhatsApp is told at once, nothing is sent, the place is kept", async () => {
    web.register("79161110001", { registered: false });
    const phone = await callerHearingOffer(world, "+79161110001");
    const place = await placeOf(world, phone);
    phone.press("1");
    await world.until("the caller is told", () => hears(phone, /нет в WhatsApp/));

    expect(templates()).toEqual([]);
    expect(await placeOf(world, phone)).toBe(place);
    expect(await reachOf(phone)).toMatchObject({ reach: "not-here", source: "probe" });
    expect(web.seen.lookups.map(({ number }) => number)).toEqual(["79161110001"]);
  });

  it("somebody who is gets the message, and the call ends after its receipt", async () => {
    web.register("79161110002");
    const phone = await callerHearingOffer(world, "+79161110002");
    phone.press("1");
    await world.until("the call ends", () => phone.state === "ended");

    expect(sentences(phone).at(-1)).toContain("Сообщение доставлено");
    expect(await reachOf(phone)).toMatchObject({ reach: "reachable", source: "probe" });
  });
});

describe("a probe that keeps silent", () => {
  it("delays nobody's message beyond PROBE_SECONDS", async () => {
    web.faults.lookups.answer = "silence";
    web.register("79161110003");
    const phone = await callerHearingOffer(world, "+79161110003");
    phone.press("1");
    await world.until("the call ends", () => phone.state === "ended");

    expect(web.seen.lookups.map(({ number }) => number)).toContain("79161110003");
    expect(await reachOf(phone)).toMatchObject({ reach: "unknown" });
    expect(await waitedForProbe(phone)).toBeLessThanOrEqual(PROBE_SECONDS * 1000);
    expect(sentences(phone).at(-1)).toContain("Сообщение доставлено");
  });
});

describe("X-4 the probe is banned in the middle of a peak", () => {
  const numbers = [1, 2, 3, 4, 5, 6].map((n) => `+7916222000${n}`);
  const [answered, interrupted, ...later] = numbers as [string, string, ...string[]];
  const notThere = later.at(-1)!;

  it("callers stay served by receipts alone, nobody waits longer than PROBE_SECONDS, an alarm says what is off", async () => {
    for (const number of numbers) web.register(number.slice(1), { registered: number !== notThere });
    world.whatsapp.faults.notOnWhatsApp = new Set([notThere.slice(1)]);
    const first = await callerHearingOffer(world, answered);
    first.press("1");
    await world.until("the first call ends", () => first.state === "ended");
    expect(await reachOf(first)).toMatchObject({ reach: "reachable", source: "probe" });

    const ahead = world.twilio.phones.call({ from: "+79160000001" });
    const waiting = [interrupted, ...later];
    const phones = new Map(waiting.map((from) => [from, world.twilio.phones.call({ from })]));
    const phone = (number: string) => phones.get(number)!;
    await world.until("all of them hear the offer", () =>
      waiting.every((number) => hears(phone(number), OFFER) && phone(number).listening),
    );
    const place = await placeOf(world, phone(notThere));

    web.faults.lookups.answer = "silence";
    const asked = web.seen.lookups.length;
    const pressed = callerPresses(phone(interrupted));
    await eventually("the question is asked", () => web.seen.lookups.length > asked);
    web.ban(WEB_ACCOUNT, 403);
    await pressed;
    for (const number of later) phone(number).press("1");
    await world.until("everybody who can be written to has left", () =>
      waiting.every((number) => number === notThere || phone(number).state === "ended"),
    );
    await world.until("the one who is not there is told", () => hears(phone(notThere), /нет в WhatsApp/));

    for (const number of waiting) {
      expect(await waitedForProbe(phone(number))).toBeLessThanOrEqual(PROBE_SECONDS * 1000);
      expect(await reachOf(phone(number))).toMatchObject({ reach: "unknown" });
      if (number === notThere) continue;
      expect(sentences(phone(number)).at(-1)).toContain("Сообщение доставлено");
      expect(sentTo(number)).toHaveLength(1);
    }
    expect(phone(notThere).state).toBe("in-queue");
    expect(await placeOf(world, phone(notThere))).toBeLessThanOrEqual(place!);
    expect(ahead.state).toBe("in-queue");
    expect(web.seen.lookups).toHaveLength(asked + 1);

    const working = await operator(world);
    expect((await alarms(working)).map(({ words }) => words)).toEqual([expect.stringContaining("banned the account")]);
    expect(await world.db.query("select data from event where kind = 'alarm.raised'")).toEqual([
      { data: { about: "whatsapp-web:account" } },
    ]);
    const newcomer = await callerHearingOffer(world, "+79163330001");
    newcomer.press("1");
    await world.until("the newcomer leaves too", () => newcomer.state === "ended");
  });

  /** The clock stands still while the question is on the real socket. */
  async function callerPresses(phone: Phone) {
    phone.press("1");
    await world.settle();
  }
});
