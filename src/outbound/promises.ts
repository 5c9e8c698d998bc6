import type { Chat } from "#chat";
import { recordEvents, type Database, type Tx } from "#db";
import type { Pump } from "#jobs";
import { later, minutes, seconds, type Clock, type ConversationId, type Instant } from "#kit";
import type { Callbacks, Promised } from "#router";
import { willSlip } from "./core/slip.ts";
import { takeCallback, type CallbackRow } from "./store.ts";

export interface PromisesDeps {
  db: Database;
  clock: Clock;
  callbacks: Pick<Callbacks, "forecast">;
  chat: Pick<Chat, "tellDelay">;
}

const LOOK_EVERY = seconds(30);
/** Nobody is told of a delay earlier than this before the promised time. */
const FORESIGHT = minutes(30);
const AT_ONCE = 50;

interface Near {
  id: string;
  promisedAt: Instant;
}

/** Watches the promised times: whoever will be called later than promised is told so, once for each promise. */
export function promisePump({ db, clock, callbacks, chat }: PromisesDeps): Pump {
  let lookedAt: Instant | null = null;

  const nearby = (now: Instant) => db.query<Near>(NEAR, [db.tenant, new Date(later(now, FORESIGHT)), AT_ONCE]);

  const review = (id: string) =>
    db.tx(async (tx) => {
      const now = clock.now();
      const row = await takeCallback(tx, id);
      if (!row || row.state.at !== "waiting" || row.promisedAt === null) return;
      const forecast = await callbacks.forecast(tx, row);
      if (willSlip(row.promisedAt, forecast.earliestAt, now)) await announce(tx, row, forecast, now);
    });

  async function announce(tx: Tx, row: CallbackRow, { time, at }: Promised, now: Instant) {
    const told = await tell(tx, row, time);
    await tx.query(PROMISE, [tx.tenant, row.id, JSON.stringify(time), at === null ? null : new Date(at)]);
    const { id, callId, contactId, conversationId, promisedAt } = row;
    const data = { callback: id, promisedAt, next: at, told: told ? "chat" : "none-possible" };
    await recordEvents(tx, [{ at: now, kind: "callback.promise-slipped", callId, contactId, conversationId, data }]);
  }

  /** In the first chat in which the customer may be written to. */
  async function tell(tx: Tx, { conversationId, contactId, phone }: CallbackRow, when: Promised["time"]) {
    const chats = await tx.query<{ id: ConversationId }>(CHATS, [tx.tenant, conversationId, contactId, phone]);
    for (const { id } of chats) if (await chat.tellDelay(tx, id, when)) return true;
    return false;
  }

  return {
    name: "callback promises",
    wokenBy: [],
    async work() {
      const now = clock.now();
      if (lookedAt !== null && now < later(lookedAt, LOOK_EVERY)) return 0;
      lookedAt = now;
      for (const { id } of await nearby(now)) await review(id);
      return 0;
    },
    async nextDueAt() {
      const [row] = await db.query<{ at: Instant | null }>(FIRST, [db.tenant]);
      if (row?.at == null) return null;
      const look = lookedAt === null ? clock.now() : later(lookedAt, LOOK_EVERY);
      return Math.max(look, row.at - FORESIGHT) as Instant;
    },
  };
}

const NEAR = `
  select id, promised_at as "promisedAt" from callback
  where tenant = $1 and status = 'waiting' and promised_at <= $2 and coalesce((state ->> 'dials')::int, 0) = 0
  order by promised_at limit $3`;

const FIRST = `
  select min(promised_at) as at from callback
  where tenant = $1 and status = 'waiting' and coalesce((state ->> 'dials')::int, 0) = 0`;

const PROMISE = "update callback set promise = $3, promised_at = $4 where tenant = $1 and id = $2";

const CHATS = `
  select id from conversation
  where tenant = $1 and closed_at is null
    and (id = $2 or contact_id = $3
      or contact_id in (select contact_id from identity where tenant = $1 and channel = 'phone' and address = $4))
  order by id = $2 desc, last_message_at desc nulls last limit 3`;
