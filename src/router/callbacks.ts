import type { Brands } from "#company";
import type { CallTime } from "#chat";
import { recordEvents, type Queries, type Tx, type Wakes } from "#db";
import { newId, type CallId, type Clock, type Instant, type JsonObject } from "#kit";
import type { CallbackWish } from "./caller.ts";
import { promiseOf, type Promised } from "./core/promise.ts";
import { callingSchedule, readRules } from "./rules.ts";
import type { Waiting } from "./waiting.ts";

/** Promises of callbacks as they are given; `outbound` keeps them. All inside the caller's transaction. */
export interface Callbacks {
  /** Keeps a place without a live call, of which nobody was told a time. */
  owe(tx: Tx, wish: CallbackWish): Promise<void>;
  /** As `owe`, for a customer who asked and is told when to expect the call. */
  ask(tx: Tx, wish: CallbackWish): Promise<CallTime>;
  /** What the owner of this call was told; null when no callback is open. */
  toldTo(queries: Queries, callId: CallId): Promise<CallTime | null>;
  /** What may be promised for this place as things are now. */
  forecast(queries: Queries, place: Pick<CallbackWish, "callId" | "queue" | "enqueuedAt">): Promise<Promised>;
}

export interface CallbacksDeps {
  clock: Clock;
  waiting: Waiting;
  brands: Pick<Brands, "ofQueue">;
  wakes: Pick<Wakes, "wake">;
}

interface Kept {
  id: string;
  isNew: boolean;
  enqueuedAt: Instant;
}

/** Whoever hangs up before everybody else of the same moment: for places that belong to no call. */
const NO_CALL = "00000000-0000-0000-0000-000000000000" as CallId;

export function createCallbacks({ clock, waiting, brands, wakes }: CallbacksDeps): Callbacks {
  /** Two wishes at the same moment become one: the second finds the first. */
  async function keep(tx: Tx, wish: CallbackWish): Promise<Kept | null> {
    const kept = (await upsert(tx, wish)) ?? (await upsert(tx, wish));
    if (kept) tx.afterCommit(() => wakes.wake("callbacks"));
    return kept;
  }

  async function upsert(tx: Tx, wish: CallbackWish): Promise<Kept | null> {
    const now = clock.now();
    const { callId, contactId, conversationId = null, queue, phone, reason, enqueuedAt } = wish;
    const times = [new Date(enqueuedAt), new Date(now)];
    const values = [tx.tenant, newId(now), callId, contactId, conversationId, queue, phone, reason, ...times];
    const [kept] = await tx.query<Kept>(KEEP, values);
    return kept ?? null;
  }

  async function record(tx: Tx, kind: string, { id }: Kept, wish: CallbackWish, data: JsonObject) {
    const { callId, contactId, conversationId = null, reason, queue, enqueuedAt } = wish;
    const facts = { callback: id, reason, queue, enqueuedAt, ...data };
    await recordEvents(tx, [{ at: clock.now(), kind, callId, contactId, conversationId, data: facts }]);
  }

  async function forecast(
    queries: Queries,
    { callId, queue, enqueuedAt }: Pick<CallbackWish, "callId" | "queue" | "enqueuedAt">,
  ): Promise<Promised> {
    const { place } = await waiting.place(queries, { callId: callId ?? NO_CALL, queue, enqueuedAt });
    const { seconds: waitSeconds, sigmaSeconds } = await waiting.expect(queries, queue, place - 1);
    const [row] = await queries.query<{ rules: JsonObject }>(RULES, [queries.tenant, queue]);
    const schedule = callingSchedule(readRules(row?.rules ?? {}), brands.ofQueue(queue));
    return promiseOf({ waitSeconds, sigmaSeconds, schedule }, clock.now());
  }

  return {
    forecast,
    async owe(tx, wish) {
      const kept = await keep(tx, wish);
      if (kept?.isNew) await record(tx, "callback.owed", kept, wish, {});
    },
    async ask(tx, wish) {
      const kept = await keep(tx, wish);
      const { time, at } = await forecast(tx, { ...wish, enqueuedAt: kept?.enqueuedAt ?? wish.enqueuedAt });
      if (!kept) return time;
      await tx.query(PROMISE, [tx.tenant, kept.id, JSON.stringify(time), at === null ? null : new Date(at)]);
      if (kept.isNew) await record(tx, "callback.asked", kept, wish, { promisedAt: at, promise: { ...time } });
      return time;
    },
    async toldTo(queries, callId) {
      const [row] = await queries.query<{ promise: CallTime | null }>(TOLD, [queries.tenant, callId]);
      return row ? (row.promise ?? { kind: "in-turn" }) : null;
    },
  };
}

/** Whoever is already to be called back keeps one callback, at the earlier of the two places. */
const KEEP = `
  with kept as (
    update callback set enqueued_at = least(enqueued_at, $9), contact_id = coalesce(contact_id, $4),
      conversation_id = coalesce(conversation_id, $5)
    where tenant = $1 and queue = $6 and phone = $7
      and status in ('waiting', 'retry', 'operator-ringing', 'dialling', 'talking')
    returning id, enqueued_at
  ), added as (
    insert into callback (tenant, id, call_id, contact_id, conversation_id, queue, phone, reason, enqueued_at, created_at)
    select $1, $2, $3, $4, $5, $6, $7, $8, $9, $10 where not exists (select 1 from kept)
    on conflict do nothing
    returning id, enqueued_at
  )
  select id, enqueued_at as "enqueuedAt", false as "isNew" from kept
  union all select id, enqueued_at, true from added`;

/** A promise is about the first ring: of a callback somebody has begun with nothing new is said. */
const PROMISE = `
  update callback set promise = $3, promised_at = $4 where tenant = $1 and id = $2 and state is null`;

const RULES = "select rules from queue where tenant = $1 and code = $2";

const TOLD = `
  select b.promise from callback b
  left join call c on c.tenant = $1 and c.id = $2
  left join deflection d on d.tenant = $1 and d.call_id = $2
  where b.tenant = $1 and b.status in ('waiting', 'retry', 'operator-ringing', 'dialling', 'talking')
    and (b.call_id = $2 or (b.queue = c.queue and b.phone = coalesce(c.phone, d.phone)))
  order by b.created_at desc limit 1`;
