import { recordEvents, type Database, type Tx, type Wakes } from "#db";
import { between, minutes, newId, type CallId, type Clock, type Instant, type Locale, type OperatorId } from "#kit";
import type { Operator } from "#staff";
import type { Telephone, VoiceDocument } from "#voice";
import { laneOf } from "./core/flow.ts";
import { legBegan } from "./legs.ts";
import { catalogue } from "./texts/index.ts";

export interface OperatorsDeps {
  db: Database;
  clock: Clock;
  telephone: Pick<Telephone, "ringOperator">;
  wakes: Pick<Wakes, "wake">;
  settings: { OPERATOR_RING_SECONDS: number; DEFAULT_LOCALE: Locale };
}

export type TakeNext =
  | { kind: "ringing" }
  | { kind: "no-phone" }
  | { kind: "not-online" }
  | { kind: "busy" }
  | { kind: "nobody-waiting" }
  | { kind: "refused"; words: string }
  /** The line to the provider broke: the phone may ring all the same, so it is not rung again. */
  | { kind: "unclear" };

/** Operators' own lines: rung on their wish, joined with the caller who came first. */
export interface Operators {
  takeNext(operator: Operator): Promise<TakeNext>;
  answered(reference: string): Promise<VoiceDocument>;
  legEnded(reference: string): Promise<void>;
}

/** A line that was asked for and never rang is forgotten after this. */
const STALE = minutes(2);

export function createOperators({ db, clock, telephone, wakes, settings }: OperatorsDeps): Operators {
  /** Reserves the operator: the row is locked, so one cannot take two. */
  const reserve = (operator: Operator) =>
    db.tx(async (tx): Promise<{ kind: "reserved"; reference: string } | TakeNext> => {
      const [presence] = await tx.query<{ status: string; callId: CallId | null; leg: string | null }>(PRESENCE, [
        tx.tenant,
        operator.id,
      ]);
      if (presence?.status !== "online") return { kind: "not-online" };
      const isStale =
        presence.leg !== null && presence.callId === null && between(legBegan(presence.leg), clock.now()) > STALE;
      if (presence.callId !== null || (presence.leg !== null && !isStale)) return { kind: "busy" };
      if (!(await firstWaiting(tx))) return { kind: "nobody-waiting" };
      const reference = newId<OperatorId>(clock.now()) as string;
      await tx.query(RESERVE, [tx.tenant, operator.id, reference]);
      return { kind: "reserved", reference };
    });

  return {
    async takeNext(operator) {
      const { phone } = operator;
      if (phone === null) return { kind: "no-phone" };
      const reserved = await reserve(operator);
      if (reserved.kind !== "reserved") return reserved;
      const { reference } = reserved;
      const outcome = await telephone.ringOperator({ endpoint: phone, reference });
      if (outcome.kind === "ringing")
        await db.query(NAME_LEG, [db.tenant, reference, `${reference}/${outcome.providerCall}`]);
      if (outcome.kind === "refused") await db.query(FREE_LEG, [db.tenant, reference]);
      return outcome.kind === "ringing" ? { kind: "ringing" } : outcome;
    },

    answered: (reference) =>
      db.tx(async (tx) => {
        const [operator] = await tx.query<{ id: OperatorId; locale: Locale }>(BY_LEG, [tx.tenant, reference]);
        if (!operator) return [{ do: "hang-up" }];
        const first = await firstWaiting(tx);
        if (!first)
          return [
            { do: "say", text: catalogue[operator.locale].nobodyWaiting, locale: operator.locale },
            { do: "hang-up" },
          ];
        const queue = laneOf(first.queue, first.returned);
        await recordEvents(tx, [
          { at: clock.now(), kind: "operator.line-answered", operatorId: operator.id, data: { lane: queue } },
        ]);
        return [{ do: "take-from-queue", queue, timeoutSeconds: settings.OPERATOR_RING_SECONDS }];
      }),

    async legEnded(reference) {
      await db.query(FREE_LEG, [db.tenant, reference]);
      wakes.wake("conversations");
    },
  };
}

interface FirstWaiting {
  queue: string;
  returned: boolean;
  enqueuedAt: Instant;
}

async function firstWaiting(tx: Tx): Promise<FirstWaiting | null> {
  const [first] = await tx.query<FirstWaiting>(FIRST, [tx.tenant]);
  return first ?? null;
}

const PRESENCE = `select status, call_id as "callId", leg from presence where tenant = $1 and operator_id = $2 for update`;
const RESERVE = `update presence set leg = $3, call_id = null where tenant = $1 and operator_id = $2`;
const NAME_LEG = `update presence set leg = $3 where tenant = $1 and leg = $2`;
const FREE_LEG = `update presence set leg = null, call_id = null where tenant = $1 and split_part(leg, '/', 1) = $2`;

const BY_LEG = `
  select p.operator_id as id, o.locale from presence p join operator o on o.tenant = p.tenant and o.id = p.operator_id
  where p.tenant = $1 and split_part(p.leg, '/', 1) = $2`;

/** The caller who came first, over all queues and both lanes of each; one who was not yet in a wait document may be reached too. */
const FIRST = `
  select queue, (state ->> 'returned')::boolean as returned, enqueued_at as "enqueuedAt"
  from call where tenant = $1 and status = 'waiting' order by enqueued_at, id limit 1`;
