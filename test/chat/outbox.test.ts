import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { SendOutcome } from "#chat";
import { createSettableClock, hours, instant } from "#kit";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";
import { became, createFakeChannel, wrote } from "../support/fake-channel.ts";
import { CALLER, START, createStage, wipe, type Stage } from "./stage.ts";

const never = () => new Promise<SendOutcome>(() => {});
const NOW = { CHAT_QUIET_WINDOW_MS: "0" };

/** A conversation an operator is writing in. */
async function inTalk(stage: Stage, from = "7916") {
  await stage.deliver(wrote(from, "hello"));
  await stage.settle();
  const anna = await stage.operator("Анна");
  const { id } = (await stage.conversations()).find(({ address }) => address === from)!;
  let count = 0;
  const say = (text: string) =>
    stage.as(anna).post(`/conversations/${id}/messages`, {
      text,
      clientId: `018f0000-0000-4000-8000-0000000000${(10 + count++).toString()}`,
    });
  return { anna, id, say };
}

describe("the outbox", () => {
  let db: FreshDatabase;
  beforeAll(async () => void (db = await freshDatabase()));
  afterAll(() => db.drop());
  beforeEach(() => wipe(db));

  it("sends a conversation's messages one after another, and others meanwhile", async () => {
    const stage = await createStage({ db, settings: NOW });
    const { say } = await inTalk(stage);
    const slow = Promise.withResolvers<SendOutcome>();
    stage.channel.plan(() => slow.promise);
    for (const text of ["one", "two", "three"]) expect(await say(text)).toMatchObject({ status: 202 });
    await stage.pump("outbox fake").work();
    await stage.deliver(wrote("7000", "other"));
    for (const name of ["inbox", "answers"]) while ((await stage.pump(name).work()) > 0);
    await stage.pump("outbox fake").work();
    expect(stage.channel.textsTo("7916")).toEqual(["echo: hello"]);

    slow.resolve({ kind: "accepted", providerId: "slow" });
    await stage.settle();

    expect(stage.channel.textsTo("7000")).toEqual(["echo: other"]);
    expect(stage.channel.textsTo("7916")).toEqual(["echo: hello", "one", "two", "three"]);
    expect((await stage.messages()).filter(({ author }) => author === "operator").map(({ status }) => status)).toEqual([
      "accepted",
      "accepted",
      "accepted",
    ]);
  });

  it("sends the same reply once, however often the button was pressed", async () => {
    const stage = await createStage({ db, settings: NOW });
    const { anna, id } = await inTalk(stage);
    const body = { text: "once", clientId: "018f0000-0000-4000-8000-000000000099" };
    const answers = await Promise.all([1, 2, 3].map(() => stage.as(anna).post(`/conversations/${id}/messages`, body)));
    await stage.settle();

    expect(new Set(answers.map(({ status, body }) => `${status} ${body.messageId}`)).size).toBe(1);
    expect(stage.channel.textsTo("7916")).toEqual(["echo: hello", "once"]);
  });

  it("tries a busy provider again when it said, and raises an alarm that ends with the next accepted message", async () => {
    const stage = await createStage({ db, settings: NOW });
    stage.channel.plan({ kind: "busy", retryAfterMs: 2000, alarm: "token expired" });
    await stage.deliver(wrote("7916", "hello"));
    await stage.settle();
    expect(stage.channel.sent).toHaveLength(0);
    expect(await stage.chat.room(db, CALLER)).toMatchObject({ channel: null });

    await stage.pass(2000);

    expect(stage.channel.textsTo("7916")).toEqual(["echo: hello"]);
    expect(await stage.chat.room(db, CALLER)).toMatchObject({ channel: "fake" });
  });

  it("marks a refused message as failed with the reason", async () => {
    const stage = await createStage({ db, settings: NOW });
    stage.channel.plan({ kind: "refused", because: "not-here", code: "131026", words: "undeliverable" });
    await stage.deliver(wrote("7916", "hello"));
    await stage.settle();

    expect((await stage.messages())[1]).toMatchObject({
      status: "failed",
      error: { because: "not-here", code: "131026" },
    });
  });

  it("refuses free text outside the session window, in the API and again before sending", async () => {
    const stage = await createStage({ db, settings: NOW });
    const { say } = await inTalk(stage);
    stage.channel.plan({ kind: "busy", retryAfterMs: 1000 });
    await say("late");
    await stage.settle();
    stage.clock.moveTo(instant(START + hours(24)));

    expect(await say("too late")).toMatchObject({ status: 409, body: { code: "window_closed" } });
    await stage.settle();
    expect((await stage.messages()).at(-1)).toMatchObject({
      text: "late",
      status: "failed",
      error: { because: "window-closed" },
    });
    expect(stage.channel.textsTo("7916")).toEqual(["echo: hello"]);
  });

  it("keeps to the pace of the number", async () => {
    const channel = createFakeChannel({ budget: { perSecond: 80, perCustomer: { everyMs: 6000, burst: 45 } } });
    const stage = await createStage({ db, channel, settings: NOW });
    await stage.deliver(...Array.from({ length: 130 }, (_, n) => wrote(`70${n}`, "hi")));
    const counts: number[] = [];
    let before = 0;
    for (let second = 0; second < 2; second += 1) {
      await stage.pass(1000);
      counts.push(channel.sent.length - before);
      before = channel.sent.length;
    }

    expect(Math.max(...counts)).toBeLessThanOrEqual(80);
    expect(before).toBe(130);
  });

  it("keeps to the pace of one customer without keeping others waiting", async () => {
    const channel = createFakeChannel({ budget: { perSecond: 1000, perCustomer: { everyMs: 6000, burst: 3 } } });
    const stage = await createStage({ db, channel, settings: NOW });
    const { say } = await inTalk(stage);
    for (const text of ["1", "2", "3", "4"]) await say(text);
    await stage.pass(100);
    expect(channel.textsTo("7916")).toEqual(["echo: hello", "1", "2"]);

    await stage.deliver(wrote("7000", "other"));
    await stage.pass(6000);
    expect(channel.textsTo("7916")).toEqual(["echo: hello", "1", "2", "3"]);
    expect(channel.textsTo("7000")).toEqual(["echo: other"]);
    await stage.pass(6000);
    expect(channel.textsTo("7916")).toHaveLength(5);
  });

  it("takes a receipt that arrives before the answer to the request", async () => {
    const stage = await createStage({ db, settings: NOW });
    stage.channel.plan(async (message) => {
      await stage.deliver(became("delivered", { providerId: "wamid", messageId: message.id, lane: "7916" }));
      await stage.pump("inbox").work();
      return { kind: "accepted", providerId: "wamid" };
    });
    await stage.deliver(wrote("7916", "hello"));
    await stage.settle();

    expect((await stage.messages())[1]).toMatchObject({ status: "delivered", provider_id: "wamid" });
  });

  describe("when nobody knows whether a message has left", () => {
    it("lets a receipt settle it and repeats nothing", async () => {
      const stage = await createStage({ db, settings: { ...NOW, UNCLEAR_SETTLE_MS: "4000" } });
      stage.channel.plan({ kind: "unclear", words: "timeout" });
      await stage.deliver(wrote("7916", "hello"));
      await stage.settle();
      const { id } = (await stage.messages())[1]!;
      await stage.deliver(became("sent", { providerId: "wamid", messageId: id, lane: "7916" }));
      await stage.pass(10_000);

      expect((await stage.messages())[1]).toMatchObject({ status: "sent", provider_id: "wamid" });
      expect(stage.channel.sent).toHaveLength(1);
    });

    it("sends a bot's text once more after its own uptime, marked, and leaves a person's words unknown", async () => {
      const stage = await createStage({ db, settings: { ...NOW, UNCLEAR_SETTLE_MS: "4000" } });
      const unclear: SendOutcome = { kind: "unclear", words: "timeout" };
      stage.channel.plan(unclear);
      await stage.deliver(wrote("7916", "hello"));
      await stage.pass(3000);
      expect(stage.channel.sent).toHaveLength(1);
      await stage.pass(3000);
      expect(stage.channel.sent.map(({ id }) => id)).toHaveLength(2);
      expect((await stage.messages())[1]).toMatchObject({ status: "accepted", meta: { resent: true } });
      expect(await stage.events("message.resent")).toHaveLength(1);

      const { say, id } = await inTalk(stage);
      stage.channel.plan(unclear);
      await say("did this arrive?");
      await say("and this?");
      await stage.pass(6000);
      expect(
        (await stage.messages(id))
          .filter(({ author }) => author === "operator")
          .map(({ text, status }) => `${text} ${status}`),
      ).toEqual(["did this arrive? unclear", "and this? accepted"]);
    });

    it("settles what a dead process was sending, and leaves a living one alone", async () => {
      const clock = createSettableClock(START);
      const settings = { ...NOW, UNCLEAR_SETTLE_MS: "4000" };
      const dying = await createStage({ db, clock, settings, channel: createFakeChannel() });
      dying.channel.plan(never);
      await dying.deliver(wrote("7916", "hello"));
      for (const name of ["settling", "inbox", "answers", "answers", "outbox fake"]) await dying.pump(name).work();
      expect((await dying.messages())[1]?.status).toBe("sending");

      const next = await createStage({ db, clock, settings });
      await next.pass(8000);
      expect((await next.messages())[1]?.status).toBe("sending");
      await next.pass(30_000);
      expect(next.channel.textsTo("7916")).toEqual(["echo: hello"]);
      expect((await next.messages())[1]).toMatchObject({ status: "accepted", meta: { resent: true } });
    });
  });
});
