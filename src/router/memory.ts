import type { Queries, Tx } from "#db";
import type { CallId, Instant, PhoneNumber } from "#kit";
import type { AnswerHistory } from "./core/offer.ts";
import { remembered, type Reach, type ReachMemory } from "./core/reach.ts";

/** Remembers what was learnt about a number; older news never replaces newer. */
export async function learn(tx: Tx, taught: ReachMemory & { phone: PhoneNumber; channel: string }): Promise<void> {
  await tx.query(LEARN, [tx.tenant, taught.phone, taught.channel, taught.verdict, taught.source, new Date(taught.at)]);
}

const LEARN = `
  insert into reach (tenant, phone, channel, verdict, source, at) values ($1, $2, $3, $4, $5, $6)
  on conflict (tenant, phone, channel) do update set verdict = excluded.verdict, source = excluded.source, at = excluded.at
  where reach.at <= excluded.at`;

/** What is remembered of a number on these channels and still believed. */
export async function reachOn(
  queries: Queries,
  phone: PhoneNumber | null,
  channels: string[],
  now: Instant,
): Promise<Record<string, Reach>> {
  if (phone === null) return {};
  const rows = await queries.query<ReachMemory & { channel: string }>(
    "select channel, verdict, source, at from reach where tenant = $1 and phone = $2 and channel = any ($3)",
    [queries.tenant, phone, channels],
  );
  return Object.fromEntries(rows.map((memory) => [memory.channel, remembered(memory, now)]));
}

/** A hidden number is remembered for as long as its call lasts, under the call's own name. */
const rememberedAs = (phone: PhoneNumber | null, callId: CallId): string => phone ?? `call ${callId}`;

/** What this number answered to offers, in this call and in others. */
export async function historyOf(
  queries: Queries,
  phone: PhoneNumber | null,
  callId: CallId,
  now: Instant,
): Promise<AnswerHistory> {
  const [row] = await queries.query<AnswerHistory>(HISTORY, [
    queries.tenant,
    rememberedAs(phone, callId),
    callId,
    new Date(now),
  ]);
  return row!;
}

/** Silence of this very call counts as well: it is asked again only after the pause. */
const HISTORY = `
  select max(at) filter (where answer = 'accepted' and call_id <> $3) as "lastAcceptedAt",
         count(*) filter (where answer = 'accepted' and call_id <> $3 and at > $4::timestamptz - interval '24 hours') as "acceptedLastDay",
         max(at) filter (where answer = 'silent') as "lastSilentAt",
         max(at) filter (where answer = 'refused') as "lastRefusedAt"
  from offer_answer where tenant = $1 and phone = $2 and at <= $4::timestamptz`;

/** Remembers an answer; a repeated one keeps the newest time. */
export async function rememberAnswer(
  tx: Tx,
  answer: { phone: PhoneNumber | null; callId: CallId; answer: string; at: Instant },
): Promise<void> {
  await tx.query(ANSWER, [
    tx.tenant,
    rememberedAs(answer.phone, answer.callId),
    answer.callId,
    answer.answer,
    new Date(answer.at),
  ]);
}

const ANSWER = `
  insert into offer_answer (tenant, phone, call_id, answer, at) values ($1, $2, $3, $4, $5)
  on conflict (tenant, phone, call_id, answer) do update set at = excluded.at`;

/** How many callers of one trunk said yes within the last minute. */
export async function acceptedLastMinute(queries: Queries, queue: string, now: Instant): Promise<number> {
  const [row] = await queries.query<{ count: number }>(BURST, [queries.tenant, queue, new Date(now)]);
  return row!.count;
}

const BURST = `
  select count(*) as count from event
  where tenant = $1 and kind = 'deflection.accepted' and at > $3::timestamptz - interval '1 minute' and data ->> 'queue' = $2`;
