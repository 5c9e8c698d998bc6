import type { Queries } from "#db";
import type { Instant } from "#kit";

/** One entry of the event log as live screens get it. */
export interface LiveEvent {
  seq: number;
  at: Instant;
  kind: string;
  callId: string | null;
  conversationId: string | null;
  operatorId: string | null;
  data: unknown;
}

/**
 * Reads the event log in the order of `seq` without ever skipping an entry.
 *
 * Numbers are given out before transactions commit, so number 10 may appear after number 11. Whoever holds a number
 * up to `top` took a transaction id before it took the number (the order of columns in the migration), that is
 * before the fence, an id taken after `top` was seen. Once every transaction below the fence has ended, nothing
 * can be added up to `top` any more: it is settled.
 */
export interface EventFeed {
  /** The newest number anybody can see; 0 for an empty log. */
  top(): Promise<number>;
  /** The newest number once it is settled; null while a transaction runs that may still add before it. */
  settledTop(): Promise<number | null>;
  /** The next settled entries after `position`, oldest first; empty when there are none yet. */
  after(position: number): Promise<LiveEvent[]>;
  /** The entries in (`from`, `to`], at most `most` of them. `to` is settled. */
  between(from: number, to: number, most: number): Promise<LiveEvent[]>;
  /** True while entries are known of that wait for a running transaction. */
  isWaiting(): boolean;
}

interface Fence {
  top: number;
  xid: string;
}

/** Opens the log for one reader. */
export function createEventFeed(db: Queries): EventFeed {
  const { tenant } = db;
  let fence: Fence | null = null;

  async function fenceAfter(position: number): Promise<Fence | null> {
    if (fence && fence.top > position) return fence;
    const [found] = await db.query<{ top: number; xid: string | null }>(TOP_AND_FENCE, [tenant, position]);
    fence = found?.xid ? { top: found.top, xid: found.xid } : null;
    return fence;
  }

  return {
    isWaiting: () => fence !== null,
    async top() {
      const [found] = await db.query<{ top: number }>(TOP, [tenant]);
      return found?.top ?? 0;
    },
    async settledTop() {
      const current = await fenceAfter(-1);
      if (!current) return null;
      const [found] = await db.query<{ passed: boolean }>(PASSED, [current.xid]);
      if (!found?.passed) return null;
      fence = null;
      return current.top;
    },
    async after(position) {
      const current = await fenceAfter(position);
      if (!current) return [];
      const events = await db.query<LiveEvent>(SETTLED, [tenant, position, current.top, current.xid]);
      if (events.at(-1)?.seq === current.top) fence = null;
      return events;
    },
    between: (from, to, most) => db.query<LiveEvent>(RANGE, [tenant, from, to, most]),
  };
}

const EVENT = `seq, at, kind, call_id as "callId", conversation_id as "conversationId", operator_id as "operatorId", data`;

const TOP = `select coalesce(max(seq), 0) as top from event where tenant = $1`;

/** Takes a transaction id of its own, and only when there is something new. */
const TOP_AND_FENCE = `
  select top, case when top > $2 then pg_current_xact_id()::text end as xid
  from (select coalesce(max(seq), 0) as top from event where tenant = $1) as newest`;

const PASSED = `select pg_snapshot_xmin(pg_current_snapshot()) > $1::text::xid8 as passed`;

const SETTLED = `
  select ${EVENT} from event
  where tenant = $1 and seq > $2 and seq <= $3 and pg_snapshot_xmin(pg_current_snapshot()) > $4::text::xid8
  order by seq limit 500`;

const RANGE = `select ${EVENT} from event where tenant = $1 and seq > $2 and seq <= $3 order by seq limit $4`;
