import type { Brands } from "#company";
import type { Database } from "#db";
import type { Pump } from "#jobs";
import { instant, later, messageOf, seconds, type Clock, type Instant, type OperatorId } from "#kit";
import { callingRules, firstOpening, isStale, toRing, type InLine, type Outbound } from "#outbound";
import type { Telephone } from "#voice";
import type { Operators } from "./operators.ts";

export interface DispatchDeps {
  db: Database;
  clock: Clock;
  brands: Pick<Brands, "ofQueue">;
  telephone: Pick<Telephone, "connected">;
  outbound: Pick<Outbound, "desk">;
  operators: Pick<Operators, "takeNext">;
  log: { error(fields: object, words: string): void };
}

/** So far down the line is looked at. */
const LOOK_AT = 50;
/** A provider starts one call a second, and a callback needs two. */
const PACE = seconds(2);

interface FreeOperator {
  id: OperatorId;
  phone: string;
}

/** Rings operators who are free for callbacks that are next in line. */
export function dispatchPump({ db, clock, brands, telephone, outbound, operators, log }: DispatchDeps): Pump {
  let rangAt: Instant | null = null;

  async function line(): Promise<InLine[]> {
    const due = await outbound.desk.due(db, LOOK_AT);
    if (!due.some(({ rings }) => rings)) return [];
    const calls = await db.query<{ enqueuedAt: Instant }>(CALLS, [db.tenant, LOOK_AT]);
    const everybody: InLine[] = [
      ...calls.map((call) => ({ kind: "call" as const, ...call })),
      ...due.map((callback) => ({ kind: "callback" as const, ...callback })),
    ];
    return everybody.sort((one, other) => one.enqueuedAt - other.enqueuedAt);
  }

  /** Whose phones ring already for whoever is next. */
  async function onTheWay(now: Instant): Promise<number> {
    const legs = await db.query<{ leg: string }>(RINGING, [db.tenant]);
    return legs.filter(({ leg }) => !isStale(leg, now)).length;
  }

  async function free(now: Instant): Promise<FreeOperator[]> {
    const found = await db.query<FreeOperator & { leg: string | null }>(FREE, [db.tenant, new Date(now)]);
    return found.filter(({ leg }) => leg === null || isStale(leg, now));
  }

  return {
    name: "operators' phones",
    wokenBy: ["callbacks", "conversations"],
    async work() {
      const now = clock.now();
      if (!telephone.connected || (rangAt !== null && now < later(rangAt, PACE))) return 0;
      const waiting = await line();
      if (waiting.length === 0) return 0;
      const crew = await free(now);
      const [first] = toRing(waiting, crew.length, await onTheWay(now));
      if (first === undefined) return 0;
      rangAt = now;
      const outcome = await operators.takeNext(crew[0]!, first).catch((error: unknown) => {
        log.error({ callback: first, error: messageOf(error) }, "an operator's phone could not be rung");
        return null;
      });
      return outcome?.kind === "ringing" ? 1 : 0;
    },
    async nextDueAt() {
      const now = clock.now();
      const [rest] = await db.query<{ ends: Instant | null }>(REST_ENDS, [db.tenant, new Date(now)]);
      if (!rest) return null;
      const opens = firstOpening(await callingRules(db, brands, now));
      const pace = rangAt === null ? null : later(rangAt, PACE);
      const moments = [rest.ends, opens, pace].filter((at): at is Instant => at !== null && at > now);
      return moments.length === 0 ? null : instant(Math.min(...moments));
    },
  };
}

const CALLS = `
  select enqueued_at as "enqueuedAt" from call where tenant = $1 and status = 'waiting' order by enqueued_at, id limit $2`;

/** Lines that never served a callback ring for a caller. */
const RINGING = `
  select leg from presence p
  where tenant = $1 and leg is not null and call_id is null
    and not exists (select 1 from callback b where b.tenant = p.tenant and b.leg = split_part(p.leg, '/', 1))`;

/** Whoever has rested longest comes first. */
const FREE = `
  select p.operator_id as id, o.phone, p.leg from presence p join operator o on o.tenant = p.tenant and o.id = p.operator_id
  where p.tenant = $1 and p.status = 'online' and p.call_id is null and o.phone is not null and o.disabled_at is null
    and (p.rest_until is null or p.rest_until <= $2)
    and not exists (
      select 1 from callback b where b.tenant = p.tenant and b.leg = split_part(p.leg, '/', 1)
        and b.status in ('operator-ringing', 'dialling', 'talking'))
  order by p.rest_until nulls first, p.since`;

/** No row while nobody waits to be called back. */
const REST_ENDS = `
  select (select min(rest_until) from presence where tenant = $1 and status = 'online' and rest_until > $2) as ends
  where exists (select 1 from callback where tenant = $1 and status = 'waiting')`;
