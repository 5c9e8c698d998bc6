import { recordEvents, type Database, type Tx, type Wakes } from "#db";
import { newId, type CallId, type Clock, type Instant, type Locale, type OperatorId } from "#kit";
import { earlierOf, isStale, type Obstacle, type Outbound } from "#outbound";
import type { Operator } from "#staff";
import type { Telephone, VoiceDocument } from "#voice";
import { laneOf } from "./core/flow.ts";
import { catalogue } from "./texts/index.ts";

export interface OperatorsDeps {
  db: Database;
  clock: Clock;
  telephone: Pick<Telephone, "ringOperator">;
  wakes: Pick<Wakes, "wake">;
  outbound: Pick<Outbound, "desk" | "lines">;
  settings: { OPERATOR_RING_SECONDS: number; DEFAULT_LOCALE: Locale };
}

export type TakeNext =
  | { kind: "ringing" }
  | { kind: "no-phone" }
  | { kind: "not-online" }
  | { kind: "busy" }
  | { kind: "nobody-waiting" }
  | { kind: "obstacle"; why: Obstacle }
  | { kind: "refused"; words: string }
  /** The line to the provider broke: the phone may ring all the same, so it is not rung again. */
  | { kind: "unclear" };

/** Operators' own lines: rung for whoever came first, joined with the caller, or with the customer who is called back. */
export interface Operators {
  /** Rings the operator's phone for the next in line, or for this callback. */
  takeNext(operator: Pick<Operator, "id" | "phone">, callback?: string): Promise<TakeNext>;
  answered(reference: string): Promise<VoiceDocument>;
  legEnded(reference: string): Promise<void>;
}

type Next = { kind: "call"; queue: string; returned: boolean } | { kind: "callback"; id: string };

export function createOperators({ db, clock, telephone, wakes, outbound, settings }: OperatorsDeps): Operators {
  const { desk, lines } = outbound;

  /** The first place over all queues, whether somebody waits on the phone or to be called back. */
  async function nextInLine(tx: Tx): Promise<Next | null> {
    const [call] = await tx.query<{ queue: string; returned: boolean; enqueuedAt: Instant }>(FIRST, [tx.tenant]);
    const [callback] = await desk.due(tx, 1);
    const caller = call ? ({ kind: "call", ...call } as const) : null;
    return earlierOf(caller, callback ? ({ kind: "callback", ...callback } as const) : null);
  }

  /** Reserves the operator: the row is locked, so one cannot take two. */
  const reserve = (operatorId: OperatorId, wanted: string | undefined) =>
    db.tx(async (tx): Promise<{ kind: "reserved"; reference: string } | TakeNext> => {
      const hindrance = await hindranceOf(tx, operatorId);
      if (hindrance) return hindrance;
      const next: Next | null = wanted === undefined ? await nextInLine(tx) : { kind: "callback", id: wanted };
      if (!next) return { kind: "nobody-waiting" };
      const reference = newId<OperatorId>(clock.now()) as string;
      if (next.kind === "callback") {
        const outcome = await desk.reserve(tx, next.id, { id: operatorId, leg: reference });
        // Taken by somebody else a moment ago: whoever is next then is found when the phone is picked up.
        if (outcome !== "reserved" && wanted !== undefined) return { kind: "obstacle", why: outcome };
      }
      await tx.query(RESERVE, [tx.tenant, operatorId, reference]);
      return { kind: "reserved", reference };
    });

  async function hindranceOf(tx: Tx, operatorId: OperatorId): Promise<TakeNext | null> {
    const [presence] = await tx.query<Line>(PRESENCE, [tx.tenant, operatorId]);
    if (presence?.status !== "online") return { kind: "not-online" };
    const { callId, leg, serves } = presence;
    const isUp = leg !== null && (serves || !isStale(leg, clock.now()));
    return callId !== null || isUp ? { kind: "busy" } : null;
  }

  async function ring(endpoint: string, reference: string): Promise<TakeNext> {
    const outcome = await telephone.ringOperator({ endpoint, reference });
    if (outcome.kind === "ringing") {
      await db.query(NAME_LEG, [db.tenant, reference, `${reference}/${outcome.providerCall}`]);
      return { kind: "ringing" };
    }
    if (outcome.kind === "refused") await close(reference);
    return outcome;
  }

  /** The line is down: whoever was kept for it goes back to the place. */
  async function close(reference: string) {
    await db.tx(async (tx) => {
      await desk.operatorGone(tx, reference);
      await lines.close(tx, reference);
    });
    wakes.wake("conversations");
    wakes.wake("callbacks");
  }

  async function answered(tx: Tx, leg: string): Promise<VoiceDocument> {
    const [operator] = await tx.query<{ id: OperatorId; locale: Locale }>(BY_LEG, [tx.tenant, leg]);
    if (!operator) return [{ do: "hang-up" }];
    const server = { ...operator, leg };
    const kept = await desk.serve(tx, server);
    if (kept) return kept;
    const next = await nextInLine(tx);
    if (next?.kind === "callback" && (await desk.reserve(tx, next.id, server)) === "reserved")
      return (await desk.serve(tx, server)) ?? nobody(operator.locale);
    return next?.kind === "call" ? takeCaller(tx, operator.id, next) : nobody(operator.locale);
  }

  async function takeCaller(tx: Tx, operatorId: OperatorId, next: Extract<Next, { kind: "call" }>) {
    const queue = laneOf(next.queue, next.returned);
    await recordEvents(tx, [{ at: clock.now(), kind: "operator.line-answered", operatorId, data: { lane: queue } }]);
    return [{ do: "take-from-queue" as const, queue, timeoutSeconds: settings.OPERATOR_RING_SECONDS }];
  }

  return {
    async takeNext({ id, phone }, callback) {
      if (phone === null) return { kind: "no-phone" };
      const reserved = await reserve(id, callback);
      return reserved.kind === "reserved" ? ring(phone, reserved.reference) : reserved;
    },
    answered: (reference) => db.tx((tx) => answered(tx, reference)),
    legEnded: close,
  };
}

const nobody = (locale: Locale): VoiceDocument => [
  { do: "say", text: catalogue[locale].nobodyWaiting, locale },
  { do: "hang-up" },
];

interface Line {
  status: string;
  callId: CallId | null;
  leg: string | null;
  /** Somebody is called back on it. */
  serves: boolean;
}

const PRESENCE = `
  select status, call_id as "callId", leg, exists (
    select 1 from callback b where b.tenant = p.tenant and b.leg = split_part(p.leg, '/', 1)
      and b.status in ('operator-ringing', 'dialling', 'talking')) as serves
  from presence p where tenant = $1 and operator_id = $2 for update of p`;

const RESERVE = `update presence set leg = $3, call_id = null where tenant = $1 and operator_id = $2`;
const NAME_LEG = `update presence set leg = $3 where tenant = $1 and leg = $2`;

const BY_LEG = `
  select p.operator_id as id, o.locale from presence p join operator o on o.tenant = p.tenant and o.id = p.operator_id
  where p.tenant = $1 and split_part(p.leg, '/', 1) = $2`;

/** The caller who came first, over all queues and both lanes of each; one who was not yet in a wait document may be reached too. */
const FIRST = `
  select queue, (state ->> 'returned')::boolean as returned, enqueued_at as "enqueuedAt"
  from call where tenant = $1 and status = 'waiting' order by enqueued_at, id limit 1`;
