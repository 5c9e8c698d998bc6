import { recordEvents, type Queries, type Tx, type Wakes } from "#db";
import type { Clock, OperatorId } from "#kit";
import type { PresenceStatus, Staff } from "./door.ts";

/** Whether somebody takes work, and if not, why. */
export interface Presence {
  status: PresenceStatus;
  reason: string | null;
}

/** Who is there. */
export interface Presences {
  of(operatorId: OperatorId): Promise<Presence>;
  /** Changes it and lets the other rooms react in the same transaction. */
  change(tx: Tx, operatorId: OperatorId, presence: Presence): Promise<void>;
  online: Staff["online"];
  onChange: Staff["onPresence"];
}

/** Keeps presence in the database and tells whoever asked to be told. */
export function createPresences(front: Queries, clock: Clock, wakes: Wakes): Presences {
  const { tenant } = front;
  const reactions: Parameters<Staff["onPresence"]>[0][] = [];

  return {
    async of(operatorId) {
      const [found] = await front.query<Presence>(FIND, [tenant, operatorId]);
      return found ?? { status: "offline", reason: null };
    },
    async change(tx, operatorId, { status, reason }) {
      const at = clock.now();
      await tx.query(CHANGE, [tenant, operatorId, status, reason, new Date(at)]);
      await recordEvents(tx, [{ at, kind: "operator.presence-changed", operatorId, data: { status } }]);
      for (const react of reactions) await react(tx, operatorId, status);
      tx.afterCommit(() => wakes.wake("events"));
    },
    async online(queries) {
      const [found] = await queries.query<{ count: number }>(ONLINE, [tenant]);
      return found?.count ?? 0;
    },
    onChange: (run) => void reactions.push(run),
  };
}

const FIND = `select status, reason from presence where tenant = $1 and operator_id = $2`;
const CHANGE = `
  insert into presence (tenant, operator_id, status, reason, since) values ($1, $2, $3, $4, $5)
  on conflict (tenant, operator_id) do update set status = $3, reason = $4,
    since = case when presence.status = $3 then presence.since else $5 end`;
const ONLINE = `
  select count(*) as count from presence
  join operator on operator.tenant = presence.tenant and operator.id = presence.operator_id
  where presence.tenant = $1 and status = 'online' and disabled_at is null`;
