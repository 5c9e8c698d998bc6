import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { newId, type CallId, type PhoneNumber } from "#kit";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";
import { ACCOUNT, became, wrote } from "../support/fake-channel.ts";
import { CALLER, START, createStage, wipe, type Stage } from "./stage.ts";

const PHONE = "+79161234567" as PhoneNumber;
const WA_ID = "79161234567";

describe("an invite to a caller", () => {
  let db: FreshDatabase;
  beforeAll(async () => void (db = await freshDatabase()));
  afterAll(() => db.drop());
  beforeEach(() => wipe(db));

  const invite = (stage: Stage, callId: CallId, more: { token?: string; phone?: PhoneNumber } = {}) =>
    db.tx((tx) =>
      stage.chat.invite(tx, {
        callId,
        channel: "fake",
        phone: PHONE,
        locale: "ru",
        queue: "hotline-ru",
        token: "tok",
        place: 4,
        waitedSeconds: 55,
        ...more,
      }),
    );

  it("leaves as a template with the token behind its buttons, and tells its progress in order", async () => {
    const stage = await createStage({ db });
    const callId = newId<CallId>();
    const made = (await invite(stage, callId)) as Exclude<Awaited<ReturnType<typeof invite>>, "unavailable">;
    await stage.settle();
    await stage.deliver(became("delivered", { providerId: "out-1", messageId: made.messageId, lane: WA_ID }));
    await stage.settle();

    expect(stage.channel.sent).toMatchObject([
      {
        id: made.messageId,
        to: { channel: "fake", account: ACCOUNT, id: WA_ID },
        content: {
          kind: "template",
          name: "queue_offer",
          locale: "ru",
          variables: ["Kubik", "4"],
          payloads: ["intent:order-status|tok", "intent:returns|tok"],
        },
      },
    ]);
    expect(stage.hooks.progress).toEqual([
      { callId, messageId: made.messageId, outcome: { kind: "accepted" } },
      {
        callId,
        messageId: made.messageId,
        outcome: { kind: "status", status: "delivered", code: null, because: null },
      },
    ]);
    expect(await stage.conversations()).toMatchObject([
      { id: made.conversationId, call_id: callId, owner: "bot", due_at: null },
    ]);
  });

  it.each([
    [
      "refused",
      { kind: "refused", because: "not-here", code: "131026", words: "x" },
      { kind: "refused", because: "not-here", code: "131026" },
    ],
    ["busy", { kind: "busy", retryAfterMs: 1000 }, { kind: "busy" }],
    ["unclear", { kind: "unclear", words: "x" }, { kind: "unclear" }],
  ] as const)("says that it was %s", async (_, outcome, told) => {
    const stage = await createStage({ db });
    stage.channel.plan(outcome);
    await invite(stage, newId<CallId>());
    await stage.settle();

    expect(stage.hooks.progress.map((one) => one.outcome)).toEqual([told]);
  });

  it("is never sent twice when nobody knows whether it arrived", async () => {
    const stage = await createStage({ db, settings: { UNCLEAR_SETTLE_MS: "4000" } });
    stage.channel.plan({ kind: "unclear", words: "x" });
    await invite(stage, newId<CallId>());
    await stage.pass(20_000);

    expect(stage.channel.sent).toHaveLength(1);
    expect(await stage.messages()).toMatchObject([{ status: "unclear" }]);
    expect(await stage.events("message.unknown")).toHaveLength(1);
  });

  it("is joined to its call by a tap under another name, without any phone", async () => {
    const stage = await createStage({ db, settings: { CHAT_QUIET_WINDOW_MS: "0" } });
    const callId = newId<CallId>();
    await invite(stage, callId);
    await stage.settle();
    await stage.deliver(wrote("RU.hidden", { kind: "choice", id: "intent:order-status|tok", text: "Где мой заказ" }));
    await stage.settle();

    expect(await stage.conversations()).toMatchObject([{ call_id: callId, address: "RU.hidden" }]);
    expect(stage.hooks.engaged).toMatchObject([{ callId }]);
    expect(stage.bot.asked).toMatchObject([{ choice: "intent:order-status", texts: ["Где мой заказ"], phone: PHONE }]);
    await stage.deliver(wrote("RU.hidden", "and now?"));
    await stage.settle();
    expect(stage.channel.textsTo("RU.hidden")).toHaveLength(2);
    expect(await stage.conversations()).toHaveLength(1);
    expect(stage.hooks.engaged).toHaveLength(1);
  });

  it("is joined to its call by a reply that names our message", async () => {
    const stage = await createStage({ db });
    const callId = newId<CallId>();
    await stage.deliver(wrote("RU.known", "an older talk"));
    await stage.pass(3000);
    await invite(stage, callId);
    await stage.settle();
    await stage.deliver(wrote("RU.known", "yes please", { repliesTo: "out-2" }));
    await stage.pass(3000);

    const joined = (await stage.conversations()).find((one) => one.call_id === callId);
    expect((await stage.messages(joined!.id)).map(({ author }) => author)).toEqual(["system", "customer", "bot"]);
    expect(stage.hooks.engaged).toMatchObject([{ callId, conversationId: joined!.id }]);
  });

  it("goes on in the conversation that is open", async () => {
    const stage = await createStage({ db });
    await stage.deliver(wrote(WA_ID, "hello", { phone: PHONE }));
    await stage.pass(3000);
    await invite(stage, newId<CallId>());
    await stage.settle();

    expect(await stage.conversations()).toHaveLength(1);
    expect(await db.query("select channel, address from identity order by channel")).toEqual([
      { channel: "fake", address: WA_ID },
      { channel: "phone", address: PHONE },
    ]);
  });

  it("is not offered while the account is in trouble or the template was taken away", async () => {
    const stage = await createStage({ db });
    const origin = { account: ACCOUNT, lane: "account", at: START };
    await stage.deliver({
      ...origin,
      dedupe: "1",
      kind: "template-changed",
      name: "queue_offer",
      language: "ru",
      status: "PAUSED",
      category: null,
      reason: null,
    });
    await stage.settle();
    expect(await invite(stage, newId<CallId>())).toBe("unavailable");
    expect(await stage.chat.room(db, CALLER)).toEqual({ channel: null, waitSeconds: 0 });

    await stage.deliver({ ...origin, dedupe: "2", kind: "account-trouble", code: "ACCOUNT_RESTRICTION", words: "x" });
    await stage.settle();
    expect(await stage.chat.room(db, CALLER)).toEqual({ channel: null, waitSeconds: 0 });
  });

  it("is followed by news about the call, sent or, before the customer has written, only shown to operators", async () => {
    const stage = await createStage({ db, settings: { CHAT_QUIET_WINDOW_MS: "0" } });
    const callId = newId<CallId>();
    const made = (await invite(stage, callId)) as unknown as { conversationId: never };
    await stage.settle();
    await db.tx((tx) => stage.chat.notify(tx, made.conversationId, "place-kept", callId));
    await stage.deliver(wrote(WA_ID, "здравствуйте", { phone: PHONE }));
    await stage.settle();
    await db.tx((tx) => stage.chat.notify(tx, made.conversationId, "talking-to-operator", callId));
    await stage.settle();

    expect((await stage.messages()).map(({ author, status }) => `${author} ${status}`)).toEqual([
      "system accepted",
      "system null",
      "customer null",
      "bot accepted",
      "system accepted",
    ]);
    expect(stage.channel.textsTo(WA_ID).at(-1)).toContain("ответил оператор");
  });

  it("lets the customer ask to be phoned, and says who arranges it when there is no number", async () => {
    const stage = await createStage({ db, settings: { CHAT_QUIET_WINDOW_MS: "0" } });
    stage.bot.answerWith(() => ({ text: "", callMe: true }));
    await stage.deliver(wrote("7001", "позвоните мне"));
    await stage.settle();
    expect(stage.hooks.wishes).toMatchObject([{ callId: null }]);
    expect(stage.channel.textsTo("7001")).toEqual([expect.stringContaining("позвоним вам")]);

    stage.hooks.phone = "no-phone";
    await stage.deliver(wrote("7002", "позвоните мне"));
    await stage.settle();
    expect(stage.channel.textsTo("7002")).toEqual([expect.stringContaining("Не вижу вашего номера")]);
    expect((await stage.conversations()).map(({ owner }) => owner)).toEqual(["bot", "queue"]);
  });
});
