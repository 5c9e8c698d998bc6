import { describe, expect, it } from "vitest";
import { DatabaseGone } from "#db";
import { later, seconds } from "#kit";
import type { VoiceDocument } from "#voice";
import { CALL, OPERATOR_CALL, QUEUE, createHotline, documentKinds, kinds, requests, type Kind } from "./hotline.ts";

const never = () => new Promise<VoiceDocument>(() => {});

/** Keeps the caller's place, or says nothing where nothing is needed. */
const SAFE: Partial<Record<Kind, RegExp>> = {
  incoming: /fallback arrived.*<Enqueue .*>hotline<\/Enqueue>/,
  wait: /<Play>.*<Redirect .*voice\/twilio\/wait/,
  answer: /<Play>.*<Redirect .*voice\/twilio\/wait/,
  left: /fallback left-queue.*<Enqueue /,
  pulledOut: /fallback pulled-out.*<Enqueue /,
  connecting: /<Response\/>/,
  operator: /<Response\/>/,
  called: /<Dial .*line-olga<\/Queue>/,
  holding: /<Pause length="2"\/>/,
  joined: /<Response\/>/,
  calledLeft: /<Hangup\/>/,
};

describe("a telephone webhook tells the call flow", () => {
  it.each<[Kind, unknown[]]>([
    ["incoming", ["arrived", { providerCall: CALL, from: "+79161234567", to: "+74951234567" }]],
    ["wait", ["waiting", CALL, { providerQueue: QUEUE, position: 3, size: 8, waitedSeconds: 42 }]],
    ["answer", ["answered", CALL, { turn: "offer.1", digits: "1", speech: "" }]],
    ["left", ["leftQueue", CALL, "left"]],
    ["pulledOut", ["pulledOut", CALL]],
    ["connecting", ["connecting", CALL, OPERATOR_CALL]],
    ["operator", ["operatorAnswered", "leg-7"]],
    ["status", ["statusChanged", CALL, "completed", 4]],
    ["operatorStatus", ["operatorLegEnded", "leg-7", "no-answer"]],
    ["called", ["calleeAnswered", "dial-3", CALL]],
    ["holding", ["meetingWaits", "leg-7"]],
    ["joined", ["meetingJoined", "dial-3"]],
    ["calledLeft", ["meetingLeft", "dial-3", true]],
    ["calledStatus", ["calleeGone", "dial-3", "busy"]],
  ])("%s", async (kind, told) => {
    const hotline = await createHotline();
    const answer = await hotline.ask(kind);

    expect(hotline.flow.told).toEqual([told]);
    expect(answer.complaints).toEqual([]);
    if (documentKinds.includes(kind)) {
      expect(answer.statusCode).toBe(200);
      expect(answer.headers["content-type"]).toBe("text/xml; charset=utf-8");
      expect(answer.body).toContain(`heard ${String(told[0])}</Say>`);
    } else {
      expect([answer.statusCode, answer.body]).toEqual([204, ""]);
    }
  });

  it("what was said, and silence as empty keys and words", async () => {
    const hotline = await createHotline();
    await hotline.ask("answer", { Digits: "", SpeechResult: "да, хочу" });
    await hotline.ask("answer", { Digits: "" });
    await hotline.ask("answer", { Digits: "*#" });

    expect(hotline.flow.told.map(([, , answer]) => answer)).toEqual([
      { turn: "offer.1", digits: "", speech: "да, хочу" },
      { turn: "offer.1", digits: "", speech: "" },
      { turn: "offer.1", digits: "*#", speech: "" },
    ]);
  });

  it("a hidden, an empty and a SIP caller as they came", async () => {
    const hotline = await createHotline();
    for (const From of ["anonymous", "", "sip:shop@example.com", "+7378742833"])
      await hotline.ask("incoming", { From });

    expect(hotline.flow.told.map(([, call]) => (call as { from: string }).from)).toEqual([
      "anonymous",
      "",
      "sip:shop@example.com",
      "+7378742833",
    ]);
  });

  it.each([
    ["bridged", "bridged"],
    ["bridging-in-process", "bridged"],
    ["redirected-from-bridged", "bridged"],
    ["leave", "left"],
    ["hangup", "hung-up"],
    ["redirected", "pulled-out"],
    ["queue-full", "queue-full"],
    ["error", "error"],
    ["system-error", "error"],
  ])("%s as %s", async (QueueResult, how) => {
    const hotline = await createHotline();
    await hotline.ask("left", { QueueResult });

    expect(hotline.flow.told).toEqual([["leftQueue", CALL, how]]);
  });

  it("nothing of statuses it need not know: unknown words, and an operator's phone that still rings", async () => {
    const hotline = await createHotline();
    await hotline.post("/voice/twilio/status", { ...requests.status.form, CallStatus: "pondering" });
    const told = hotline.flow.told.length;
    await hotline.ask("operatorStatus", { CallStatus: "ringing" });
    await hotline.ask("operatorStatus", { CallStatus: "in-progress" });

    expect(hotline.flow.told).toHaveLength(told);
  });
});

describe("the leg of somebody we dialled", () => {
  it.each([
    [{ CallStatus: "initiated" }, ["calleeAlive", "dial-3", CALL]],
    [{ CallStatus: "ringing" }, ["calleeAlive", "dial-3", CALL]],
    [{ CallStatus: "in-progress" }, ["calleeAlive", "dial-3", CALL]],
    [{ CallStatus: "completed" }, ["calleeGone", "dial-3", "completed"]],
    [{ CallStatus: "no-answer" }, ["calleeGone", "dial-3", "no-answer"]],
    [{ CallStatus: "canceled" }, ["calleeGone", "dial-3", "cancelled"]],
    [{ CallStatus: "failed" }, ["calleeGone", "dial-3", "failed"]],
    [{ CallStatus: "failed", SipResponseCode: "503" }, ["calleeGone", "dial-3", "failed"]],
    [{ CallStatus: "failed", SipResponseCode: "404" }, ["calleeGone", "dial-3", "invalid"]],
    [{ CallStatus: "failed", SipResponseCode: "484" }, ["calleeGone", "dial-3", "invalid"]],
    [{ CallStatus: "failed", ErrorCode: "13224" }, ["calleeGone", "dial-3", "invalid"]],
  ])("%o is told as %o", async (changes, told) => {
    const hotline = await createHotline();
    await hotline.ask("calledStatus", changes);

    expect(hotline.flow.told).toEqual([told]);
  });

  it("a status nobody has heard of yet is no news", async () => {
    const hotline = await createHotline();
    await hotline.post(requests.calledStatus.path, { ...requests.calledStatus.form, CallStatus: "pondering" });

    expect(hotline.flow.told).toEqual([]);
  });

  it.each([
    ["completed", true],
    ["answered", true],
    ["no-answer", false],
    ["failed", false],
  ])("has met the operator when the dial was %s: %s", async (DialCallStatus, met) => {
    const hotline = await createHotline();
    await hotline.ask("calledLeft", { DialCallStatus });

    expect(hotline.flow.told).toEqual([["meetingLeft", "dial-3", met]]);
  });
});

describe("a call that left the queue", () => {
  it.each([
    [{ QueueResult: "hangup", CallStatus: "completed" }],
    [{ QueueResult: "bridged", CallStatus: "completed" }],
    [{ QueueResult: "redirected" }],
  ])("hears nothing more when nobody listens or another document runs: %o", async (changes) => {
    const hotline = await createHotline();
    const answer = await hotline.ask("left", changes);

    expect(answer.body).toMatch(/<Response\/>$/);
    expect(hotline.flow.told).toHaveLength(1);
  });

  it("is told again later when it has ended and the database is gone", async () => {
    const hotline = await createHotline();
    hotline.flow.answer = () => Promise.reject(new DatabaseGone("gone"));

    expect((await hotline.ask("left", { QueueResult: "hangup", CallStatus: "completed" })).statusCode).toBe(503);
    const pulledOut = await hotline.ask("left", { QueueResult: "redirected" });
    expect([pulledOut.statusCode, pulledOut.body]).toEqual([200, expect.stringMatching(/<Response\/>$/)]);
  });
});

describe("a live call keeps its place", () => {
  it.each(documentKinds)("when the database is gone: %s", async (kind) => {
    const hotline = await createHotline();
    hotline.flow.answer = () => Promise.reject(new DatabaseGone("gone"));
    const answer = await hotline.ask(kind);

    expect(answer.statusCode).toBe(200);
    expect(answer.complaints).toEqual([]);
    expect(answer.body).toMatch(SAFE[kind]!);
    expect(hotline.logged).toMatchObject([{ because: "database-gone", call: CALL }]);
  });

  it.each(documentKinds)("when the call flow does not answer within two and a half seconds: %s", async (kind) => {
    const hotline = await createHotline();
    const asked = Promise.withResolvers<void>();
    hotline.flow.answer = () => {
      asked.resolve();
      return never();
    };
    const answering = hotline.ask(kind);
    await asked.promise;
    hotline.clock.moveTo(later(hotline.clock.now(), seconds(2.5)));
    const answer = await answering;

    expect(answer.statusCode).toBe(200);
    expect(answer.body).toMatch(SAFE[kind]!);
    expect(hotline.logged).toMatchObject([{ because: "too-slow" }]);
  });

  it.each(documentKinds)("when the call flow fails, at once or later, or answers nonsense: %s", async (kind) => {
    const hotline = await createHotline();
    const troubles: (() => Promise<VoiceDocument>)[] = [
      () => Promise.reject(new Error("bug")),
      () => {
        throw new Error("bug");
      },
      async () => [{ do: "play", sound: "../secret" }],
      async () => [{ do: "say", text: null as never, locale: "ru" }],
      async () => null as never,
    ];
    for (const trouble of troubles) {
      hotline.flow.answer = trouble;
      const answer = await hotline.ask(kind);
      expect(answer.statusCode).toBe(200);
      expect(answer.body).toMatch(SAFE[kind]!);
    }
  });

  it("and an answer in time leaves no timer behind", async () => {
    const hotline = await createHotline();
    for (const kind of kinds) await hotline.ask(kind);

    expect(hotline.clock.nextTimerAt()).toBeNull();
  });
});

describe("news nobody listens to", () => {
  it.each(["status", "operatorStatus"] as const)("is asked for again when it could not be stored: %s", async (kind) => {
    const hotline = await createHotline();
    hotline.flow.answer = () => Promise.reject(new DatabaseGone("gone"));
    const gone = await hotline.ask(kind);
    const asked = Promise.withResolvers<void>();
    hotline.flow.answer = () => {
      asked.resolve();
      return never();
    };
    const answering = hotline.ask(kind);
    await asked.promise;
    hotline.clock.moveTo(later(hotline.clock.now(), seconds(2)));

    expect([gone.statusCode, (await answering).statusCode]).toEqual([503, 503]);
  });
});

describe("what is written down about a webhook", () => {
  it("holds neither numbers nor words of the caller", async () => {
    const hotline = await createHotline();
    hotline.flow.answer = () => Promise.reject(new DatabaseGone("gone"));
    await hotline.ask("answer", { SpeechResult: "my secret", Digits: "42" });
    await hotline.post("/voice/twilio/status", { ...requests.status.form, CallSid: "+79161234567" });

    const written = JSON.stringify(hotline.logged);
    expect(hotline.logged.length).toBeGreaterThanOrEqual(2);
    expect(written).not.toMatch(/9161234567|secret|42/);
  });
});
