import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createInFlight } from "../../sim/kit/inflight.ts";
import { createRandom } from "../../sim/kit/random.ts";
import { createFaults } from "../../sim/twilio/faults.ts";
import { validateTwiml } from "../support/twilio-spec.ts";
import { CALLER, HOTLINE, createHotline } from "./twilio-hotline.ts";
import type { Hotline } from "./twilio-hotline.ts";

let hotline: Hotline;

beforeEach(async () => {
  hotline = await createHotline();
});

afterEach(async () => {
  expect(hotline.complaints).toEqual([]);
  await hotline.close();
});

const call = (from = CALLER) => hotline.twilio.phones.call({ from });
const BROKEN = { status: 500, body: "oops" };

describe("an application that fails", () => {
  const cases: [string, () => Parameters<Hotline["on"]>[1]][] = [
    ["answers 500", () => () => BROKEN],
    ["answers something that is not XML", () => () => ({ status: 200, body: "{}", type: "application/json" })],
    ["answers a verb that does not exist", () => () => "<Sing/>"],
    ["breaks the line", () => () => null],
  ];

  it.each(cases)("is replaced by the fallback document when it %s", async (_what, answer) => {
    hotline.twilio.number.fallbackUrl = `${hotline.base}/fallback`;
    hotline.on("/voice", answer());
    hotline.on("/fallback", () => "<Say>Please hold.</Say>");

    const phone = call();
    await hotline.twilio.idle();

    expect(phone.hearing).toMatchObject({ text: "Please hold." });
    expect(hotline.at("/fallback")[0]!.form).toMatchObject({ ErrorUrl: `${hotline.base}/voice` });
    expect(hotline.at("/voice")).toHaveLength(1);
  });

  it("is apologised for when there is no fallback, or the fallback fails too", async () => {
    hotline.on("/voice", () => BROKEN);
    hotline.on("/fallback", () => BROKEN);

    const first = call();
    await hotline.pass(10);
    hotline.twilio.number.fallbackUrl = `${hotline.base}/fallback`;
    const second = call();
    await hotline.pass(10);

    for (const phone of [first, second]) {
      expect(phone.endedBy).toBe("error");
      expect(phone.heard[0]!.text).toContain("application error");
    }
    expect(hotline.at("/fallback")).toHaveLength(1);
  });

  it("is given fifteen seconds by the clock", async () => {
    hotline.on("/voice", () => new Promise<string>(() => undefined));

    const phone = call();
    while (hotline.at("/voice").length === 0) await new Promise((resolve) => setImmediate(resolve));
    hotline.clock.moveTo(hotline.clock.nextTimerAt()!);
    await hotline.twilio.idle();

    expect(hotline.clock.now() - phone.startedAt).toBe(15_000);
    expect(phone.heard[0]!.text).toContain("application error");
  });

  it("loses the caller's place when the wait document fails, and the fallback goes on", async () => {
    hotline.twilio.number.fallbackUrl = `${hotline.base}/fallback`;
    hotline.on("/voice", () => '<Enqueue action="/left" waitUrl="/wait">support</Enqueue>');
    hotline.on("/wait", () => BROKEN);
    hotline.on("/fallback", () => '<Say>Please hold.</Say><Enqueue waitUrl="">support</Enqueue>');

    const phone = call();
    await hotline.twilio.idle();
    expect(phone.inQueue).toBe(false);
    await hotline.pass(2);

    expect(phone.inQueue).toBe(true);
    expect(hotline.at("/left")).toEqual([]);
  });
});

describe("overrides in the address", () => {
  it("repeats as often as asked, with the same idempotency token and without the fragment", async () => {
    hotline.twilio.number.voiceUrl = `${hotline.base}/voice?brand=1#rc=2&rp=5xx`;
    hotline.on("/voice", () => (hotline.at("/voice").length < 3 ? BROKEN : "<Say>Third time.</Say>"));

    const phone = call();
    await hotline.twilio.idle();

    expect(phone.hearing).toMatchObject({ text: "Third time." });
    expect(new Set(hotline.at("/voice").map(({ token }) => token)).size).toBe(1);
  });

  it("repeats once by itself when nobody can be reached, and nothing else", async () => {
    const closed = await createHotline();
    await closed.close();
    hotline.twilio.number.voiceUrl = `${closed.base}/voice`;
    call();
    await hotline.twilio.idle();
    const refused = hotline.twilio.journal.entries.filter(({ path }) => path === "/voice");
    expect(refused.map(({ status }) => status)).toEqual([null, null]);

    hotline.twilio.number.voiceUrl = `${hotline.base}/voice#rc=3&rp=ct,rt`;
    hotline.on("/voice", () => BROKEN);
    call();
    await hotline.twilio.idle();
    expect(hotline.at("/voice")).toHaveLength(1);
  });
});

const lossyStatuses = async () => {
  const stage = await createHotline({ callsPerSecond: 1000 });
  stage.on("/operator", () => "<Hangup/>");
  Object.assign(stage.twilio.faults.webhook, { dropChance: 0.3, shuffleMs: 20_000 });
  for (let number = 0; number < 6; number += 1) {
    const fields = { Url: `${stage.base}/operator`, StatusCallback: `${stage.base}/operator-status` };
    const StatusCallbackEvent = ["initiated", "ringing", "answered", "completed"];
    await stage.rest("POST", "/Calls.json", {
      To: `+7495000000${number}`,
      From: HOTLINE,
      ...fields,
      StatusCallbackEvent,
    });
  }
  await stage.pass(60);
  await stage.close();
  return stage.at("/operator-status").map(({ form }) => `${form["To"]} ${form["SequenceNumber"]}`);
};

describe("faults", () => {
  it("send every request again with the same token", async () => {
    hotline.twilio.faults.webhook.extraCopies = 2;
    hotline.on("/voice", () => "<Say>Hello.</Say>");

    call();
    await hotline.pass(5);

    expect(hotline.at("/voice")).toHaveLength(3);
    expect(hotline.at("/status")).toHaveLength(3);
    expect(new Set(hotline.at("/voice").map(({ token }) => token)).size).toBe(1);
  });

  it("make requests late", async () => {
    hotline.twilio.faults.webhook.delayMs = 4000;
    hotline.on("/voice", () => "<Say>Hello.</Say>");

    const phone = call();
    await hotline.pass(3.9);
    expect(phone.state).toBe("ringing");
    await hotline.pass(0.2);
    expect(phone.state).toBe("connected");
  });

  it("lose and shuffle status callbacks, the same way for the same seed", async () => {
    const first = await lossyStatuses();
    const second = await lossyStatuses();

    expect(first.length).toBeGreaterThan(8);
    expect(first.length).toBeLessThan(24);
    expect(first).not.toEqual(first.toSorted((a, b) => (a < b ? -1 : 1)));
    expect(second).toEqual(first);
  });

  it("refuse REST requests in Twilio's words, or carry them out and break the line", async () => {
    const { faults } = hotline.twilio;
    hotline.on("/operator", () => '<Pause length="60"/>');
    const ring = () =>
      hotline.rest("POST", "/Calls.json", { To: "+74950000001", From: HOTLINE, Url: `${hotline.base}/operator` });

    faults.rest.status = 429;
    expect(await ring()).toMatchObject({ status: 429, body: { code: 20429 } });
    faults.rest.status = 503;
    expect(await ring()).toMatchObject({ status: 503 });
    Object.assign(faults.rest, createFaults().rest);
    expect(hotline.twilio.operatorPhones.leg("+74950000001")).toBeNull();

    faults.rest.cutAfterAccept = true;
    await expect(ring()).rejects.toThrow();
    await hotline.pass(5);
    expect(hotline.twilio.operatorPhones.leg("+74950000001")?.state).toBe("connected");
    expect(hotline.twilio.journal.entries.findLast(({ from }) => from === "detour")?.status).toBeNull();
  });

  it("make REST answers late, while idle does not wait for the clock", async () => {
    hotline.twilio.faults.rest.delayMs = 2000;

    let answered = false;
    const listing = hotline.rest("GET", "/Queues.json").then(() => (answered = true));
    while (hotline.clock.nextTimerAt() === null) await new Promise((resolve) => setImmediate(resolve));
    await hotline.twilio.idle();
    expect(answered).toBe(false);
    hotline.clock.moveTo(hotline.clock.nextTimerAt()!);
    await listing;

    expect(answered).toBe(true);
  });
});

describe("many calls at once", () => {
  it("all wait in one queue, each place once", async () => {
    hotline.on("/voice", () => '<Enqueue waitUrl="/wait">support</Enqueue>');
    hotline.on("/wait", () => '<Pause length="10"/>');

    const phones = Array.from({ length: 300 }, (_, index) => call(`+7916${String(index).padStart(7, "0")}`));
    await hotline.pass(11);

    expect(new Set(phones.map(({ queuePosition }) => queuePosition)).size).toBe(300);
    expect(hotline.at("/wait")).toHaveLength(600);
  });
});

const draw = (seed: number) => {
  const random = createRandom(seed);
  return Array.from({ length: 1000 }, () => random.next());
};

describe("the shared tools", () => {
  it("count work until it is over", async () => {
    const work = createInFlight();
    const end = work.begin();
    let idle = false;
    const waiting = work.idle().then(() => (idle = true));

    await new Promise((resolve) => setImmediate(resolve));
    expect([work.count, idle]).toEqual([1, false]);
    end();
    end();
    await waiting;

    expect(work.count).toBe(0);
  });

  it("tell what is held until the clock moves, whoever asks before and after", async () => {
    const work = createInFlight();
    const told: string[] = [];
    work.onHeld(() => told.push("before"));
    const clock = Promise.withResolvers<void>();
    const holding = work.hold(clock.promise);
    work.onHeld(() => told.push("after"));

    expect([work.held, work.count, told]).toEqual([1, 0, ["before", "after"]]);
    clock.resolve();
    await holding;
    expect(work.held).toBe(0);
  });

  it("play chance again from the same seed", () => {
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    expect(draw(1).every((value) => value >= 0 && value < 1)).toBe(true);
  });

  it("find what is wrong with a document", () => {
    expect(validateTwiml('<Response><Gather numDigits="1"><Say language="ru-RU">Да</Say></Gather></Response>')).toEqual(
      [],
    );
    expect(validateTwiml("<Response><Enqueue>q</Enqueue></Response>", "enqueue.waitUrl")).toHaveLength(1);
    expect(validateTwiml('<Response><Gather numDigits="one" colour="red"><Dial/></Gather></Response>')).toHaveLength(3);
  });
});
