import { recordEvents, type Tx } from "#db";
import type { Chat } from "#chat";
import type { ReachProbe } from "#chat";
import type { Jobs } from "#jobs";
import { between, unreachable, type Clock, type JsonObject } from "#kit";
import type { Callbacks } from "./callbacks.ts";
import { remembered, type ReachMemory } from "./core/reach.ts";
import type { DeflectionEffect, DeflectionEvent, OweReason } from "./core/deflection.ts";
import type { DeflectionRow } from "./deflections.ts";
import { JOB } from "./work.ts";
import type { Waiting } from "./waiting.ts";

export interface EffectDeps {
  clock: Clock;
  chat: Pick<Chat, "invite">;
  probe: ReachProbe | null;
  jobs: Pick<Jobs, "add">;
  callbacks: Pick<Callbacks, "owe" | "ask">;
  waiting: Waiting;
}

/** What an effect answered at once, to be told to the machine next. */
export interface News {
  event: DeflectionEvent;
  facts: JsonObject;
}

/**
 * Carries out one effect inside the transaction that decided it; whatever speaks to a network is only added as a job.
 * The row learns the ids of the invite.
 */
export async function carryOut(
  tx: Tx,
  row: DeflectionRow,
  effect: DeflectionEffect,
  deps: EffectDeps,
): Promise<News | null> {
  switch (effect.do) {
    case "probe":
      return lookUp(tx, row, deps);
    case "send-invite":
      return invite(tx, row, deps);
    case "pull-out":
      await deps.jobs.add(tx, JOB.pullOut, { callId: row.callId });
      return null;
    case "notify-chat":
      await deps.jobs.add(tx, JOB.notifyChat, { callId: row.callId, notice: effect.notice });
      return null;
    case "owe-callback":
      await owe(tx, row, effect.because, deps);
      return null;
    default:
      return unreachable(effect);
  }
}

/** The reach ladder, cheapest step first; without a probe the message itself is the question. */
async function lookUp(tx: Tx, row: DeflectionRow, { clock, probe, jobs }: EffectDeps): Promise<News | null> {
  const [memory] = await tx.query<ReachMemory>(REMEMBERED, [tx.tenant, row.phone, row.channel]);
  const reach = remembered(memory ?? null, clock.now());
  if (reach !== "unknown")
    return {
      event: { kind: "reach-known", reach },
      facts: { source: `remembered-${memory!.source}`, ageMs: between(memory!.at, clock.now()) },
    };
  if (!probe?.answersFor(row.channel))
    return { event: { kind: "reach-known", reach }, facts: { source: "nothing-known" } };
  await jobs.add(tx, JOB.probe, { callId: row.callId });
  return null;
}

async function invite(tx: Tx, row: DeflectionRow, { clock, chat, waiting }: EffectDeps): Promise<News | null> {
  const { place } = await waiting.place(tx, row);
  const sent = await chat.invite(tx, {
    callId: row.callId,
    channel: row.channel,
    phone: row.phone!,
    locale: row.locale,
    queue: row.queue,
    token: row.token,
    place,
    waitedSeconds: Math.round(between(row.enqueuedAt, clock.now()) / 1000),
  });
  if (sent === "unavailable") return { event: { kind: "invite-unavailable" }, facts: {} };
  row.messageId = sent.messageId;
  row.conversationId = sent.conversationId;
  return null;
}

/** The place is the one the caller had: the first time in the queue goes with it. */
async function owe(tx: Tx, row: DeflectionRow, reason: OweReason, { clock, callbacks }: EffectDeps) {
  const phone = row.callPhone ?? row.phone;
  if (phone !== null) {
    const wish = { ...row, phone, reason };
    await (reason === "chosen" ? callbacks.ask(tx, wish) : callbacks.owe(tx, wish));
    return;
  }
  await recordEvents(tx, [{ at: clock.now(), kind: "callback.impossible", callId: row.callId, data: { reason } }]);
}

const REMEMBERED = `select verdict, source, at from reach where tenant = $1 and phone = $2 and channel = $3`;
