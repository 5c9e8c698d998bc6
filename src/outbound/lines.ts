import type { Queries, Tx } from "#db";
import {
  between,
  later,
  minutes,
  seconds,
  type CallId,
  type Clock,
  type Instant,
  type OperatorId,
  timeOfId,
} from "#kit";

/**
 * Operators' own lines, kept in `presence`: `leg` is `<reference>` while it rings and `<reference>/<provider's id>` once the
 * provider named it; `call_id` is the call or the callback that is talked about on it. All inside the caller's transaction.
 */
export interface Lines {
  /** Who answered on this line now talks to this caller. Null when the line is nobody's we know. */
  take(tx: Tx, line: string, callId: CallId): Promise<OperatorId | null>;
  /** The callback that is talked about on this line. */
  talk(tx: Tx, leg: string, callback: string): Promise<void>;
  /** The call or callback is over: its operator may take the next. */
  free(tx: Tx, about: string): Promise<void>;
  /** Nobody is served on this line any more, though it may still be up. */
  rest(tx: Tx, leg: string): Promise<void>;
  /** The line is down. */
  close(queries: Queries, leg: string): Promise<void>;
}

/** `OPERATOR_REST_SECONDS`: an operator's phone does not ring the moment the receiver is down. */
export function createLines({ clock, restSeconds }: { clock: Clock; restSeconds: number }): Lines {
  const restUntil = () => new Date(later(clock.now(), seconds(restSeconds)));
  return {
    async take(tx, line, callId) {
      const [row] = await tx.query<{ id: OperatorId }>(TAKE, [tx.tenant, line, callId]);
      return row?.id ?? null;
    },
    talk: async (tx, leg, callback) => void (await tx.query(TALK, [tx.tenant, leg, callback])),
    free: async (tx, about) => void (await tx.query(FREE, [tx.tenant, about, restUntil()])),
    rest: async (tx, leg) => void (await tx.query(REST, [tx.tenant, leg, restUntil()])),
    close: async (queries, leg) => void (await queries.query(CLOSE, [queries.tenant, leg, restUntil()])),
  };
}

/** A line that was asked for and never rang is forgotten after this. */
const STALE = minutes(2);

/** True for a line of which nothing was heard for so long that it cannot be up, unless somebody is served on it. */
export const isStale = (leg: string, now: Instant): boolean => between(timeOfId(leg), now) > STALE;

/** A caller may be joined before the provider has named the line; it is not one on which a callback is served. */
const TAKE = `
  update presence set call_id = $3
  where tenant = $1 and operator_id = (
    select operator_id from presence p
    where tenant = $1 and leg is not null
      and (split_part(leg, '/', 1) = $2 or split_part(leg, '/', 2) = $2 or (strpos(leg, '/') = 0 and call_id is null))
      and not exists (
        select 1 from callback b where b.tenant = p.tenant and b.leg = split_part(p.leg, '/', 1)
          and b.status in ('operator-ringing', 'dialling', 'talking'))
    order by split_part(leg, '/', 1) = $2 or split_part(leg, '/', 2) = $2 desc
    limit 1 for update)
  returning operator_id as id`;

const TALK = `update presence set call_id = $3 where tenant = $1 and split_part(leg, '/', 1) = $2`;
const FREE = `update presence set call_id = null, leg = null, rest_until = $3 where tenant = $1 and call_id = $2`;
const REST = `update presence set call_id = null, rest_until = $3 where tenant = $1 and split_part(leg, '/', 1) = $2`;
const CLOSE = `
  update presence set leg = null, call_id = null, rest_until = $3 where tenant = $1 and split_part(leg, '/', 1) = $2`;
