import { analyticsRoutes } from "#analytics";
import { recordEvents, type LogEntry } from "#db";
import { admit } from "#http";
import {
  createSettableClock,
  days,
  earlier,
  hours,
  instant,
  later,
  newId,
  seconds,
  type CallId,
  type ContactId,
  type ConversationId,
  type Instant,
  type JsonObject,
} from "#kit";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";
import { testServer } from "../http/server.ts";

const NOON = instant(Date.UTC(2026, 10, 20, 9));

describe("the report of the funnel", () => {
  let db: FreshDatabase;
  let app: FastifyInstance;
  const clock = createSettableClock(NOON);

  beforeAll(async () => {
    db = await freshDatabase();
    app = await testServer();
    app.register(
      async (api) => {
        api.addHook("onRequest", async (request) => admit(request));
        api.register(analyticsRoutes({ front: db, clock }));
      },
      { prefix: "/api" },
    );
  });
  afterAll(async () => {
    await app.close();
    await db.drop();
  });

  /** One call in a queue of its own test, told event by event. */
  async function call(
    queue: string,
    phone: string,
    at: Instant,
    story: [kind: string, data?: JsonObject, at?: Instant][],
    conversationId?: ConversationId,
  ) {
    const callId = newId<CallId>();
    await db.query(CALL, [callId, callId, queue, phone, new Date(at)]);
    const entries = story.map(([kind, data = {}, when = at]): LogEntry => {
      const inChat = kind.startsWith("chat.");
      return {
        at: when,
        kind,
        callId: inChat && kind !== "chat.engaged" ? null : callId,
        conversationId: inChat ? (conversationId ?? null) : null,
        data: { ...data, queue },
      };
    });
    await recordEvents(db, entries);
    return callId;
  }

  const ELIGIBLE: [string, JsonObject] = ["offer.decided", { eligible: true, heldOut: false, offer: true }];
  const PRESSED_1: [string, JsonObject?][] = [
    ["call.arrived"],
    ELIGIBLE,
    ["offer.made"],
    ["offer.answered", { answer: "move" }],
    ["deflection.accepted", { mode: "move" }],
  ];
  const MOVED: [string, JsonObject?][] = [
    ...PRESSED_1,
    ["deflection.checking"],
    ["reach.known", { reach: "unknown" }],
    ["invite.sending"],
    ["invite.accepted"],
    ["invite.sent"],
    ["invite.delivered"],
    ["deflection.leaving"],
    ["deflection.committed", { receipt: "delivered" }],
  ];

  const report = async (query: string) => {
    const answer = await app.inject(`/api/funnel?${query}`);
    expect(answer.statusCode, answer.body).toBe(200);
    return answer.json();
  };

  it("counts one queue from the log alone, the present moment included", async () => {
    const chat = newId<ConversationId>();
    await call(
      "toys",
      "+79160000001",
      NOON,
      [...MOVED, ["chat.engaged", {}, later(NOON, seconds(5))], ["chat.closed", {}, later(NOON, seconds(60))]],
      chat,
    );
    await call("toys", "+79160000002", NOON, [
      ["call.arrived"],
      ["offer.decided", { eligible: false, heldOut: false, offer: false }],
      ELIGIBLE,
      ["offer.made"],
      ["offer.answered", { answer: "silent" }],
    ]);
    await call("toys", "+79160000003", NOON, [
      ...PRESSED_1,
      ["reach.known", { reach: "not-here" }],
      ["deflection.kept", { because: "not-here" }],
    ]);
    await call("toys", "+79160000004", NOON, [
      ["call.arrived"],
      ["offer.decided", { eligible: true, heldOut: true, offer: false }],
      ["call.connected"],
    ]);
    await call("toys", "+79160000005", NOON, [
      ["call.arrived"],
      ["offer.decided", { eligible: false, heldOut: false, offer: false }],
    ]);
    await call("books", "+79160000006", NOON, PRESSED_1);

    const funnel = await report("queue=toys");

    expect(funnel).toMatchObject({
      from: "2026-11-19T09:00:00.001Z",
      to: "2026-11-20T09:00:00.001Z",
      queue: "toys",
      eligible: 4,
      held_out: 1,
      offered: 3,
      accepted: 2,
      reachable: 1,
      sent: 1,
      delivered: 1,
      committed: 1,
      engaged: 1,
      contained: 1,
      resolved: null,
      silent: 1,
      refused: 0,
      rolled_back: { "not-here": 1 },
      wrong_hang_ups: 0,
      leaks: 0,
    });
    expect(funnel.resolved_reason).toContain("72 hours");
    expect((await report("")).eligible).toBeGreaterThanOrEqual(5);
  });

  it("sees a receipt that was taken back, a caller who calls again and one who wants a call", async () => {
    await call("leaks", "+79160000011", NOON, [
      ...MOVED.filter(([kind]) => kind !== "invite.delivered"),
      ["invite.failed", { code: "131026" }],
      ["deflection.owed", { because: "failed-after-commit" }],
    ]);
    await call("leaks", "+79160000012", NOON, MOVED);
    await call("leaks", "+79160000012", later(NOON, hours(3)), [["call.arrived", {}, later(NOON, hours(3))]]);
    await call("leaks", "+79160000013", NOON, [...MOVED, ["callback.asked", { reason: "asked-in-chat" }]]);

    expect(await report("queue=leaks")).toMatchObject({
      committed: 3,
      wrong_hang_ups: 1,
      leaks: 1,
      returned_to_voice: 1,
    });
  });

  it("tells contained from resolved when the person writes again on any channel", async () => {
    const contact = newId<ContactId>();
    const [first, second] = [newId<ConversationId>(), newId<ConversationId>()];
    for (const id of [first, second]) await db.query(CHAT, [id, contact]);
    const long = earlier(NOON, days(5));
    await call("again", "+79160000021", long, [...MOVED, ["chat.engaged"], ["chat.closed"]], first);
    await recordEvents(db, [{ at: later(long, hours(30)), kind: "chat.message-in", conversationId: second }]);
    await call(
      "again",
      "+79160000022",
      long,
      [...MOVED, ["chat.engaged"], ["chat.handed-over"], ["chat.closed"]],
      newId<ConversationId>(),
    );

    const funnel = await report("queue=again&from=2026-11-10T00:00:00Z");

    expect(funnel).toMatchObject({
      engaged: 2,
      contained: 1,
      resolved: 0,
      resolved_reason: null,
      left: { engaged: { handed_over: 1 } },
    });
  });

  it.each([
    "from=yesterday",
    "from=2026-11-20T00:00:00Z&to=2026-11-19T00:00:00Z",
    "from=2020-01-01T00:00:00Z",
    "queue[]=1",
    "colour=red",
  ])("refuses the question %s with a sentence", async (query) => {
    const answer = await app.inject(`/api/funnel?${query}`);

    expect([answer.statusCode, typeof answer.json().field]).toEqual([400, "string"]);
  });
});

const CALL = `
  insert into call (tenant, id, provider_call, queue, locale, phone, caller_kind, status, state, arrived_at)
  values ('main', $1, $2::text, $3, 'ru', $4, 'mobile', 'ended', '{}', $5)`;
const CHAT = `
  insert into conversation (tenant, id, contact_id, channel, account, address, locale, queue, owner, state, opened_at, closed_at)
  values ('main', $1, $2, 'whatsapp-cloud', 'a', 'b', 'ru', 'again', 'closed', '{}', now(), now())`;
