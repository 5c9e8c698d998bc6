import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { PhoneNumber } from "#kit";
import { eventually } from "../support/eventually.ts";
import {
  ACCOUNT,
  alarms,
  beginAgain,
  CALLER,
  CANARY,
  openProcess,
  openLinkedServer,
  STRANGER,
  type Process,
  type Shared,
} from "./stage.ts";

let shared: Shared;
let process: Process;
let others: Process[];
beforeAll(async () => {
  shared = await openLinkedServer();
});
beforeEach(async () => {
  await beginAgain(shared);
  others = [];
});
afterEach(async () => {
  for (const one of [process, ...others]) await one.close();
});
afterAll(async () => {
  await shared.server.close();
  await shared.db.drop();
});

/** A linked account whose first canary was seen. */
async function linked(...given: Parameters<typeof openProcess> extends [unknown, ...infer Rest] ? Rest : never) {
  process = await openProcess(shared, ...given);
  await process.until("open");
  await process.settle();
  shared.server.seen.lookups.length = 0;
}

const find = (phone: PhoneNumber) => process.web.probe.find(phone);
const asked = () => shared.server.seen.lookups.map(({ number }) => number);
const answer = (how: Shared["server"]["faults"]["lookups"]["answer"]) =>
  void (shared.server.faults.lookups.answer = how);
const move = (ms: number) => shared.clock.moveTo((shared.clock.now() + ms) as never);
const probeOf = async () => (await process.state()).probe;

describe("what callers' numbers are answered, by the real library", () => {
  it("registered: reachable, and no canary is needed for that", async () => {
    await linked();
    expect(await find(CALLER)).toBe("reachable");
    expect(asked()).toEqual([CALLER.slice(1)]);
  });

  it("not registered: not here, because a canary was seen", async () => {
    await linked();
    expect(await find(STRANGER)).toBe("not-here");
    expect(asked()).toEqual([STRANGER.slice(1)]);
  });

  it("one number per question, in digits", async () => {
    await linked();
    const found = await Promise.all([find(CALLER), find(STRANGER), find("+5511987654321" as PhoneNumber)]);
    expect(found).toEqual(["reachable", "not-here", "not-here"]);
    expect(asked().sort()).toEqual(["5511987654321", STRANGER.slice(1), CALLER.slice(1)].sort());
  });

  it("one question at a time: whoever's turn does not come in time is not asked about, and that is no failure", async () => {
    await linked();
    answer("silence");
    const all = Promise.all([1, 2, 3, 4, 5, 6].map((n) => find(`+7916000010${n}` as PhoneNumber)));
    await eventually("the first question is asked", () => asked().length > 0);
    await process.state();
    expect(asked()).toHaveLength(1);

    move(1500);
    expect(new Set(await all)).toEqual(new Set(["unknown"]));
    expect(asked()).toHaveLength(1);
    expect(await probeOf()).toMatchObject({ breaker: "closed" });
  });

  it("refused with 429: unknown, and the breaker leaves WhatsApp alone for minutes", async () => {
    await linked();
    answer("rate-overlimit");
    expect(await find(CALLER)).toBe("unknown");
    answer("truth");
    move(60_000);
    expect(await find(CALLER)).toBe("unknown");
    expect(asked()).toHaveLength(1);
    expect((await alarms(shared.db)).map(({ words }) => words)).toEqual([expect.stringContaining("pause")]);

    move(5 * 60_000);
    expect(await find(CALLER)).toBe("reachable");
    expect(await alarms(shared.db)).toEqual([]);
  });

  it("an error inside the answer looks like 'not registered': without a fresh canary it is unknown for everybody", async () => {
    await linked();
    move(5 * 60_000);
    answer("inner-error");
    expect(await find(STRANGER)).toBe("unknown");
    expect(asked()).toEqual([STRANGER.slice(1), CANARY]);
    expect(await probeOf()).toMatchObject({ trust: "blind" });
  });

  it("no answer: unknown after a second and a half of the caller's time", async () => {
    await linked();
    answer("silence");
    let reach: string | null = null;
    void find(CALLER).then((found) => (reach = found));
    await eventually("the question is asked", () => asked().length === 1);
    move(1499);
    await process.state();
    expect(reach).toBeNull();
    move(1);
    await eventually("the answer is here", () => reach !== null);
    expect(reach).toBe("unknown");
  });

  it("the line breaks during the question: unknown at once", async () => {
    await linked();
    answer("cut");
    expect(await find(CALLER)).toBe("unknown");
    expect(asked()).toHaveLength(1);
  });

  it("not connected: unknown at once, nothing is asked", async () => {
    await linked();
    shared.server.disconnect(ACCOUNT, 503);
    await process.until("waiting");
    expect(await find(CALLER)).toBe("unknown");
    expect(asked()).toEqual([]);
  });

  it("never linked: unknown at once", async () => {
    process = await openProcess(shared, { number: "79990000009" });
    expect(await find(CALLER)).toBe("unknown");
  });
});

describe("canaries", () => {
  it("are asked on every new connection, before any 'not registered' is believed", async () => {
    process = await openProcess(shared);
    await process.until("open");
    expect(await find(STRANGER)).toBe("not-here");
    expect(asked()).toEqual([STRANGER.slice(1), CANARY]);
  });

  it("that come back empty make everything unknown, ring, and are tried again until one is seen", async () => {
    await linked();
    expect(await find(CALLER)).toBe("reachable");
    answer("empty");
    await process.pass(5 * 60_000);
    expect(asked().at(-1)).toBe(CANARY);
    const before = asked().length;
    expect([await find(CALLER), await find(STRANGER)]).toEqual(["unknown", "unknown"]);
    expect(asked()).toHaveLength(before);
    expect(await alarms(shared.db)).toEqual([
      { code: `probe:whatsapp-web:${ACCOUNT}`, words: expect.stringContaining("who is registered") },
    ]);

    answer("truth");
    await process.pass(60_000);
    expect(await find(STRANGER)).toBe("not-here");
    expect(await alarms(shared.db)).toEqual([]);
  });

  it("are asked after a streak of 'not registered'", async () => {
    await linked();
    const strangers = [1, 2, 3, 4, 5].map((n) => `+7916000010${n}` as PhoneNumber);
    for (const stranger of strangers) expect(await find(stranger)).toBe("not-here");
    expect(asked()).toEqual([...strangers.map((one) => one.slice(1)), CANARY]);
  });

  it("are left alone while nobody needs them", async () => {
    await linked();
    for (let i = 0; i < 12; i += 1) await process.pass(5 * 60_000);
    expect(asked()).toEqual([]);
  });

  it("none configured: no 'not registered' is ever believed", async () => {
    await linked({ canaries: [] });
    expect([await find(CALLER), await find(STRANGER)]).toEqual(["reachable", "unknown"]);
  });

  it("prove health by a real round trip, which the state tells", async () => {
    await linked();
    const { lastRoundTrip } = await probeOf();
    expect(lastRoundTrip).toEqual({ at: shared.clock.now(), tookMs: expect.any(Number) });
    expect(await process.web.connections.check(process.account)).toMatchObject({ ok: true });
  });
});

describe("the budget", () => {
  it("is kept in the database: restarts and other processes share it", async () => {
    await linked({ checksPerMinute: 3, checksPerDay: 100 });
    expect(await find(CALLER)).toBe("reachable");
    await process.close();
    process = await openProcess(shared, { checksPerMinute: 3, checksPerDay: 100 });
    await process.until("open");
    const second = await openProcess(shared, { checksPerMinute: 3, checksPerDay: 100 });
    others.push(second);

    const answers = [await find(CALLER), await second.web.probe.find(CALLER), await find(CALLER)];
    expect(answers).toEqual(["reachable", "unknown", "unknown"]);
    expect(asked()).toEqual([CALLER.slice(1), CALLER.slice(1)]);
    expect((await probeOf()).left).toEqual({ minute: 0, day: 97 });

    move(60_000);
    expect(await find(CALLER)).toBe("reachable");
  });
});

describe("several processes", () => {
  it("one that has no connection asks through the one that has it", async () => {
    await linked();
    const second = await openProcess(shared);
    others.push(second);
    let reach: string | null = null;
    void second.web.probe.find(CALLER).then((found) => (reach = found));
    await eventually("the answer comes through the database", async () => {
      await process.settle();
      move(10);
      return reach !== null;
    });
    expect(reach).toBe("reachable");
    expect(await shared.db.query("select 1 from whatsapp_web_errand")).toEqual([]);
  });

  it("the one that had it was killed: the caller is not kept waiting for longer than a second and a half", async () => {
    process = await openProcess(shared, { number: "79990000009" });
    await process.state();
    await shared.db.query(
      `update whatsapp_web_line set line = '{"at":"open","since":0}' where account = '79990000009'`,
    );
    const started = shared.clock.now();
    let reach: string | null = null;
    void find(CALLER).then((found) => (reach = found));
    await eventually("it is given up", () => {
      move(50);
      return reach !== null;
    });
    expect(reach).toBe("unknown");
    expect(shared.clock.now() - started).toBeLessThanOrEqual(1600);
  });
});

describe("banned in the middle", () => {
  it("the question under way is unknown at once, later ones are not asked, and it rings", async () => {
    await linked();
    answer("silence");
    const waiting = find(CALLER);
    await eventually("the question is asked", () => asked().length === 1);
    shared.server.ban(ACCOUNT, 403);
    expect(await waiting).toBe("unknown");

    answer("truth");
    expect(await find(CALLER)).toBe("unknown");
    expect(asked()).toHaveLength(1);
    await process.until("halted");
    await eventually("it rings", async () => (await alarms(shared.db)).length > 0);
  });
});

describe("the switch", () => {
  it("takes the question under way back: what comes of it is not used", async () => {
    await linked();
    answer("silence");
    const waiting = find(CALLER);
    await eventually("the question is asked", () => asked().length === 1);
    await process.post("stop");
    expect(await waiting).toBe("unknown");
    expect(await find(CALLER)).toBe("unknown");
    expect(asked()).toHaveLength(1);
  });
});

describe("which channels it answers for", () => {
  it("WhatsApp's, while there is an account to ask; never others'", async () => {
    process = await openProcess(shared);
    const { probe } = process.web;
    expect(["whatsapp-cloud", "whatsapp-web", "telegram", "sms"].filter((one) => probe.answersFor(one))).toEqual([
      "whatsapp-cloud",
      "whatsapp-web",
    ]);
    await process.use({ ...process.account, probe: false });
    expect(probe.answersFor("whatsapp-cloud")).toBe(false);
    await process.use(null);
    expect(probe.answersFor("whatsapp-cloud")).toBe(false);
  });
});
