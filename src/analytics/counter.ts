import type { Queries } from "#db";
import { createEventFeed } from "#http";

/** How many calls reached a stage of the funnel since the last count. */
export interface StageCount {
  queue: string;
  stage: CountedStage;
  calls: number;
}

/** Stages that are counted as they are reached, in the words of the funnel; `rolled_back` and `owed` are exits. */
export const COUNTED_STAGES = [
  "eligible",
  "held_out",
  "offered",
  "accepted",
  "sent",
  "delivered",
  "committed",
  "engaged",
  "rolled_back",
  "owed",
] as const;
/** One of them. */
export type CountedStage = (typeof COUNTED_STAGES)[number];

/**
 * Counts the funnel as the log grows, from the first count on. Each call counts once at each stage, however often it is told
 * of it, and none is missed: only entries are read that no running transaction can still add to.
 */
export function createFunnelCounter(db: Queries): { next(): Promise<StageCount[]> } {
  const feed = createEventFeed(db);
  let position: number | null = null;

  return {
    async next() {
      const top = await feed.settledTop();
      if (top === null) return [];
      position ??= top;
      const counts = position === top ? [] : await db.query<StageCount>(REACHED, [db.tenant, position, top]);
      position = top;
      return counts;
    },
  };
}

const STAGES = `
  case
    when e.kind = 'offer.decided' and (e.data->>'heldOut')::boolean then '{eligible,held_out}'
    when e.kind = 'offer.decided' and (e.data->>'eligible')::boolean then '{eligible}'
    when e.kind = 'offer.made' then '{offered}'
    when e.kind = 'deflection.accepted' and coalesce(e.data->>'mode', 'move') = 'move' then '{accepted}'
    when e.kind = 'invite.sent' then '{sent}'
    when e.kind in ('invite.delivered', 'invite.read') then '{sent,delivered}'
    when e.kind = 'deflection.committed' then '{committed}'
    when e.kind = 'chat.engaged' then '{engaged}'
    when e.kind = 'deflection.kept' then '{rolled_back}'
    when e.kind = 'deflection.owed' then '{owed}'
  end::text[]`;

const REACHED = `
  with told as (
    select distinct e.call_id, stage
    from event e cross join lateral unnest(${STAGES}) as stage
    where e.tenant = $1 and e.seq > $2 and e.seq <= $3 and e.call_id is not null
  )
  select coalesce((select queue from call where tenant = $1 and id = told.call_id), '') as queue, stage, count(*) as calls
  from told
  where not exists (
    select 1 from event e
    where e.tenant = $1 and e.call_id = told.call_id and e.seq <= $2 and stage = any (${STAGES})
    offset 0)
  group by 1, 2`;
