import { analyticsRoutes } from "#analytics";
import { recordEvents, type LogEntry } from "#db";
import { admit } from "#http";
import {
  createSettableClock,
  hours,
  instant,
  newId,
  type CallId,
  type ContactId,
  type ConversationId,
  type Instant,
  type JsonObject,
} from "#kit";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRandom, type Random } from "../../sim/kit/random.ts";
import { testServer } from "../http/server.ts";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";

const DAY = instant(Date.UTC(2026, 10, 20));
const CALLS = 600;
const PEOPLE = 350;

interface Entry {
  seq: number;
  at: Instant;
  kind: string;
  callId: CallId | null;
  conversationId: ConversationId | null;
  data: JsonObject;
}

describe("DM-14 the funnel equals an independent recount from the event log", () => {
  let db: FreshDatabase;
  let app: FastifyInstance;
  const clock = createSettableClock(instant(DAY + hours(24 * 6)));

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
    await playADay(createRandom(14));
  });
  afterAll(async () => {
    await app.close();
    await db.drop();
  });

  /** Calls of one day with every turn they may take, most people calling more than once. */
  async function playADay(random: Random): Promise<void> {
    for (let i = 0; i < CALLS; i++) {
      const id = newId<CallId>();
      const at = instant(DAY + random.below(hours(24)));
      const phone = random.chance(0.05) ? null : `+7916${String(random.below(PEOPLE)).padStart(7, "0")}`;
      await db.query(CALL, [id, `CA${i}`, phone, new Date(at)]);
      const story = tell(random, id, at);
      const chat = story.find(({ conversationId }) => conversationId)?.conversationId;
      if (chat) await db.query(CHAT, [chat, newId<ContactId>(), id]);
      await recordEvents(db, story);
    }
  }

  const entries = () => db.query<Entry>(LOG);
  const phones = async () =>
    new Map(
      (await db.query<{ id: CallId; phone: string | null }>("select id, phone from call")).map((c) => [c.id, c.phone]),
    );

  it("in every stage, every exit and the net voice reduction", async () => {
    const answer = await app.inject("/api/funnel?from=2026-11-19T00:00:00Z&to=2026-11-23T00:00:00Z");

    const counted = recount(await entries(), await phones());
    const told = answer.json();
    const { net_voice_reduction: voice } = told;

    expect(answer.statusCode).toBe(200);
    expect(told).toMatchObject(counted.funnel);
    expect([voice.treated, voice.held_out, voice.not_counted_yet]).toEqual([...counted.voice, 0]);
    expect(voice.value).toBeCloseTo(1 - shareOf(counted.voice[0]!) / shareOf(counted.voice[1]!), 12);
    expect(counted.funnel.committed).toBeGreaterThan(50);
    expect(counted.voice[1]!.calls).toBeGreaterThanOrEqual(30);
    expect(counted.funnel.wrong_hang_ups).toBeGreaterThan(0);
    expect(counted.funnel.leaks).toBeGreaterThan(0);
  });
});

const shareOf = (group: { calls: number; handled_by_voice: number }) => group.handled_by_voice / group.calls;

/** One call as it might go. What only real chance decides is drawn. */
function tell(random: Random, callId: CallId, at: Instant): LogEntry[] {
  const told: LogEntry[] = [];
  let now: number = at;
  const say = (kind: string, data: JsonObject = {}, conversationId: ConversationId | null = null) => {
    now += random.below(20_000);
    told.push({ at: instant(now), kind, callId, conversationId, data });
  };
  const talk = (chance: number) => {
    if (!random.chance(chance)) return;
    now += random.below(240_000);
    say("call.connected", { waitedMs: 1 });
  };

  say("call.arrived", { queue: "q" });
  if (random.chance(0.2)) say("offer.decided", { eligible: false, heldOut: false, offer: false });
  if (random.chance(0.2)) {
    talk(0.9);
    return told;
  }
  const heldOut = random.chance(0.2);
  for (let again = random.below(3); again >= 0; again--)
    say("offer.decided", { eligible: true, heldOut, offer: !heldOut });
  if (heldOut) {
    talk(0.85);
    return told;
  }
  if (random.chance(0.05)) {
    talk(0.8);
    return told;
  }
  say("offer.made");
  const answer = ["move", "move", "move", "both", "refused", "silent"][random.below(6)]!;
  say("offer.answered", { answer });
  if (answer !== "move") {
    if (answer === "both") say("deflection.accepted", { mode: "both" });
    talk(0.8);
    return told;
  }
  say("deflection.accepted", { mode: "move" });
  say("reach.known", { reach: ["reachable", "not-here", "unknown"][random.below(3)]! });
  if (random.chance(0.15)) {
    say("deflection.kept", { because: "not-here" });
    talk(0.8);
    return told;
  }
  say("invite.sending");
  if (random.chance(0.05)) {
    say("deflection.caller-left", { seen: "sending" });
    return told;
  }
  const isSent = random.chance(0.95);
  if (isSent) say("invite.sent");
  if (isSent && random.chance(0.9)) say(random.chance(0.5) ? "invite.delivered" : "invite.read");
  if (random.chance(0.1)) {
    say("deflection.kept", { because: "too-slow" });
    talk(0.8);
    return told;
  }
  say("deflection.committed", { receipt: "delivered" });
  if (random.chance(0.05)) {
    say("invite.failed", { code: "131026" });
    say("deflection.owed", { because: "failed-after-commit", wrongHangUp: true });
  }
  if (random.chance(0.1)) {
    say("callback.asked", { reason: "asked-in-chat" });
    now += random.below(hours(30));
    if (random.chance(0.8)) say("callback.connected", { dial: 1 });
  }
  if (random.chance(0.3)) return told;
  const chat = newId<ConversationId>();
  now += random.below(hours(30));
  say("chat.engaged", {}, chat);
  if (random.chance(0.3)) say("chat.handed-over", {}, chat);
  if (random.chance(0.8)) say("chat.closed", {}, chat);
  return told;
}

interface Voice {
  calls: number;
  handled_by_voice: number;
}

/** Walks through the log call by call in plain steps; shares no line with the program. */
function recount(log: Entry[], phones: Map<CallId, string | null>) {
  const byCall = new Map<CallId, Entry[]>();
  for (const entry of log) {
    if (entry.callId !== null) byCall.set(entry.callId, [...(byCall.get(entry.callId) ?? []), entry]);
  }
  const of = (kind: string, about = log) => about.filter((entry) => entry.kind === kind);
  const samePhone = (id: CallId) => {
    const phone = phones.get(id);
    return phone === null ? [] : log.filter(({ callId }) => callId !== null && phones.get(callId) === phone);
  };

  const n = {
    eligible: 0,
    held_out: 0,
    offered: 0,
    accepted: 0,
    reachable: 0,
    sent: 0,
    delivered: 0,
    committed: 0,
    engaged: 0,
    contained: 0,
    refused: 0,
    silent: 0,
    returned_to_voice: 0,
    wrong_hang_ups: 0,
    leaks: 0,
  };
  const rolledBack: Record<string, number> = {};
  const treated: Voice = { calls: 0, handled_by_voice: 0 };
  const heldOut: Voice = { calls: 0, handled_by_voice: 0 };

  for (const [id, story] of byCall) {
    const eligible = of("offer.decided", story).find(({ data }) => data["eligible"] === true);
    if (!eligible) continue;
    n.eligible += 1;
    const isHeldOut = of("offer.decided", story).some(({ data }) => data["heldOut"] === true);
    if (isHeldOut) n.held_out += 1;

    const group = isHeldOut ? heldOut : treated;
    group.calls += 1;
    const near = [...story, ...samePhone(id)];
    const talks = [...of("call.connected", near), ...of("callback.connected", near)];
    const day = [eligible.at, eligible.at + 86_400_000] as const;
    if (talks.some(({ at, callId }) => (callId === id || at >= day[0]) && at <= day[1])) group.handled_by_voice += 1;

    if (of("offer.made", story).length === 0) continue;
    n.offered += 1;
    const answer = of("offer.answered", story).at(-1)?.data["answer"];
    if (!of("deflection.accepted", story).some(({ data }) => data["mode"] === "move")) {
      if (answer === "refused") n.refused += 1;
      if (answer === "silent") n.silent += 1;
      continue;
    }
    n.accepted += 1;
    const receipts = story.filter(({ kind }) => ["invite.sent", "invite.delivered", "invite.read"].includes(kind));
    const arrived = receipts.filter(({ kind }) => kind !== "invite.sent");
    const reach = of("reach.known", story).at(-1)?.data["reach"];
    const tried = of("invite.sending", story).length > 0;
    if (receipts.length > 0 || tried || (reach !== undefined && reach !== "not-here")) n.reachable += 1;
    if (receipts.length > 0) n.sent += 1;
    if (arrived.length > 0) n.delivered += 1;

    const commit = of("deflection.committed", story)[0];
    const kept = of("deflection.kept", story).at(-1);
    if (!commit) {
      const left = of("deflection.caller-left", story).length > 0;
      const reason = kept?.data["because"] as string;
      if (kept && !left) rolledBack[reason] = (rolledBack[reason] ?? 0) + 1;
      continue;
    }
    n.committed += 1;
    if (of("callback.asked", story).length > 0) n.returned_to_voice += 1;
    const takenBack = of("deflection.owed", story).some(({ data }) => data["because"] === "failed-after-commit");
    if (takenBack || !receipts.some(({ seq }) => seq < commit.seq)) n.wrong_hang_ups += 1;
    const again = of("call.arrived", samePhone(id)).filter(({ callId, at }) => callId !== id && at > commit.at);
    if (again.some(({ at }) => at <= commit.at + 86_400_000)) n.leaks += 1;

    const engaged = of("chat.engaged", story)[0];
    if (!engaged || engaged.at > commit.at + 86_400_000) continue;
    n.engaged += 1;
    const chat = log.filter(({ conversationId }) => conversationId === engaged.conversationId);
    if (of("chat.closed", chat).length > 0 && of("chat.handed-over", chat).length === 0) n.contained += 1;
  }
  return { funnel: { ...n, rolled_back: rolledBack }, voice: [treated, heldOut] };
}

const LOG = `select seq, at, kind, call_id as "callId", conversation_id as "conversationId", data from event order by seq`;
const CALL = `
  insert into call (tenant, id, provider_call, queue, locale, phone, caller_kind, status, state, arrived_at)
  values ('main', $1, $2, 'q', 'ru', $3, 'mobile', 'ended', '{}', $4)`;
const CHAT = `
  insert into conversation (tenant, id, contact_id, channel, account, address, locale, queue, owner, state, opened_at, closed_at, call_id)
  values ('main', $1, $2, 'whatsapp-cloud', 'a', 'b', 'ru', 'q', 'closed', '{}', now(), now(), $3)`;
