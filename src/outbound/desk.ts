import type { Brands } from "#company";
import type { Queries, Tx } from "#db";
import { between, type CallId, type Clock, type Instant, type Locale, type OperatorId, type PhoneNumber } from "#kit";
import type { VoiceDocument } from "#voice";
import { callingRules } from "./calling.ts";
import { isOver } from "./core/callback.ts";
import { takeByLine, takeCallback, type CallbackRow } from "./store.ts";
import type { Teller } from "./teller.ts";
import { catalogue } from "./texts/index.ts";

/** A callback that may be dialled now. */
export interface DueCallback {
  id: string;
  queue: string;
  enqueuedAt: Instant;
  /** Its queue lets an operator's phone ring without being asked. */
  rings: boolean;
}

/** The operator who serves a callback, and the line on which. */
interface Server {
  id: OperatorId;
  locale: Locale;
  leg: string;
}

/** Why a callback cannot be dialled at this moment. */
export type Obstacle = "not-found" | "over" | "in-progress" | "customer-on-the-line" | "outside-hours";

/** Where operators and callbacks meet. Everything inside the caller's transaction. */
export interface Desk {
  /** Those that may be dialled now, by their places. */
  due(queries: Queries, most: number): Promise<DueCallback[]>;
  /** Keeps this callback for an operator whose phone is about to ring. */
  reserve(tx: Tx, id: string, server: Pick<Server, "id" | "leg">): Promise<"reserved" | Obstacle>;
  /** The operator picked up: serves the callback that is kept for the line; null when there is none. */
  serve(tx: Tx, server: Server): Promise<VoiceDocument | null>;
  /** The operator's line is down, or never rang. */
  operatorGone(tx: Tx, leg: string): Promise<void>;
  /** The customer called in and was answered: whatever was promised to this number is kept. */
  answeredByPhone(tx: Tx, caller: { callId: CallId; phone: PhoneNumber | null }): Promise<void>;
}

export interface DeskDeps {
  clock: Clock;
  brands: Pick<Brands, "ofQueue">;
  teller: Teller;
}

/** So many digits tell which number it is, and are not the number. */
const DIGITS_SPOKEN = 4;

export function createDesk({ clock, brands, teller }: DeskDeps): Desk {
  async function obstacle(tx: Tx, row: CallbackRow | null): Promise<Obstacle | null> {
    if (!row) return "not-found";
    if (isOver(row.state)) return "over";
    if (row.state.at !== "waiting" && row.state.at !== "retry") return "in-progress";
    const [busy] = await tx.query<{ live: boolean; called: boolean }>(BUSY, [tx.tenant, row.id, row.phone]);
    if (busy!.live) return "customer-on-the-line";
    if (busy!.called) return "in-progress";
    const rules = await callingRules(tx, brands, clock.now());
    return rules.some(({ queue, isOpen }) => queue === row.queue && !isOpen) ? "outside-hours" : null;
  }

  return {
    async due(queries, most) {
      const rules = await callingRules(queries, brands, clock.now());
      const closed = rules.filter(({ isOpen }) => !isOpen).map(({ queue }) => queue);
      const byHand = new Set(rules.filter(({ rings }) => !rings).map(({ queue }) => queue));
      const rows = await queries.query<Omit<DueCallback, "rings">>(DUE, [queries.tenant, closed, most]);
      return rows.map((row) => ({ ...row, rings: !byHand.has(row.queue) }));
    },

    async reserve(tx, id, { id: operatorId, leg }) {
      const row = await takeCallback(tx, id);
      // Two callbacks of one number are looked at one after the other.
      await tx.query(ONE_AT_A_TIME, [`callback ${tx.tenant} ${row?.phone ?? ""}`]);
      const hindrance = await obstacle(tx, row);
      if (hindrance) return hindrance;
      Object.assign(row!, { leg, operatorId });
      await teller.tellRow(tx, row!, { kind: "operator-rung", leg });
      return "reserved";
    },

    async serve(tx, { id: operatorId, locale, leg }) {
      const row = await takeByLine(tx, leg);
      if (!row) return null;
      await teller.tellRow(tx, row, { kind: "operator-picked-up", leg });
      if (row.state.at !== "dialling") return null;
      return [
        { do: "say", text: catalogue[locale].announce(announced(row, clock.now())), locale },
        { do: "wait-in-meeting", meeting: operatorId, reference: leg },
      ];
    },

    async operatorGone(tx, leg) {
      const row = await takeByLine(tx, leg);
      if (row) await teller.tellRow(tx, row, { kind: "operator-gone", leg });
    },

    async answeredByPhone(tx, { callId, phone }) {
      const open = await tx.query<{ id: string }>(OPEN_OF, [tx.tenant, callId, phone]);
      for (const { id } of open) await teller.tell(tx, id, { kind: "called-off", because: "called-in" });
    },
  };
}

const announced = ({ reason, name, phone, enqueuedAt, state }: CallbackRow, now: Instant) => ({
  reason,
  name,
  digits: phone.slice(-DIGITS_SPOKEN),
  waitedMinutes: Math.round(between(enqueuedAt, now) / 60_000),
  tries: state.tries,
});

const ONE_AT_A_TIME = "select pg_advisory_xact_lock(hashtextextended($1, 0))";

/** Whoever is on the line already would hear a second call, and whoever is being called is not called twice. */
const BUSY = `
  select exists (select 1 from call where tenant = $1 and phone = $3 and status <> 'ended') as live,
    exists (select 1 from callback where tenant = $1 and phone = $3 and id <> $2
      and status in ('operator-ringing', 'dialling', 'talking')) as called`;

const DUE = `
  select b.id, b.queue, b.enqueued_at as "enqueuedAt" from callback b
  where b.tenant = $1 and b.status = 'waiting' and b.queue <> all ($2::text[])
    and not exists (select 1 from call c where c.tenant = b.tenant and c.phone = b.phone and c.status <> 'ended')
    and not exists (
      select 1 from callback o where o.tenant = b.tenant and o.phone = b.phone
        and o.status in ('operator-ringing', 'dialling', 'talking'))
  order by b.enqueued_at, b.id limit $3`;

const OPEN_OF = `
  select id from callback
  where tenant = $1 and status in ('waiting', 'retry', 'operator-ringing', 'dialling') and (call_id = $2 or phone = $3)
  order by id`;
