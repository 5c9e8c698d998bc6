import type { ConversationId, Instant, OperatorId } from "#kit";
import type { Queries, Tx } from "#db";
import type { Candidate, Waiting } from "./core/assignment.ts";

const LOCK = `
  select operator_id as id from presence
  where tenant = $1 and status = 'online' and call_id is null
  order by operator_id for update`;

/** Operators who may get chats, locked in one order: two processes never give the same slot away twice. */
export async function lockAvailable(tx: Tx): Promise<OperatorId[]> {
  const rows = await tx.query<{ id: OperatorId }>(LOCK, [tx.tenant]);
  return rows.map(({ id }) => id);
}

const CANDIDATES = `
  select o.id, o.languages, o.capacity, p.last_assigned_at as "lastAssignedAt",
    count(c.id)::int as "openChats",
    (count(c.id) filter (where c.first_unanswered_at is not null or c.last_inbound_at > $3))::int as load,
    (count(c.id) filter (where c.first_unanswered_at is not null))::int as unanswered
  from operator o
  join presence p on p.tenant = $1 and p.operator_id = o.id
  left join conversation c on c.tenant = $1 and c.operator_id = o.id and c.closed_at is null
  where o.tenant = $1 and o.id = any ($2::uuid[]) and o.disabled_at is null
  group by o.id, o.languages, o.capacity, p.last_assigned_at`;

/** What these operators have to do. A statement of its own: its snapshot is younger than the locks. */
export const candidates = (tx: Tx, ids: OperatorId[], silentSince: Instant): Promise<Candidate[]> =>
  tx.query<Candidate>(CANDIDATES, [tx.tenant, ids, new Date(silentSince)]);

const QUEUE = `
  select c.id as "conversationId", c.locale, (
    select before.operator_id from conversation before
    where before.tenant = $1 and before.contact_id = c.contact_id and before.operator_id is not null
    order by before.opened_at desc limit 1) as "lastOperator"
  from conversation c
  where c.tenant = $1 and c.owner = 'queue' and c.closed_at is null
  order by c.queued_at, c.id limit $2
  for update of c skip locked`;

/** The customers who wait longest, locked. Those somebody works on at this moment come with the next sweep. */
export const takeQueue = (tx: Tx, most: number): Promise<Waiting[]> => tx.query<Waiting>(QUEUE, [tx.tenant, most]);

/** Remembers who got a chat when: the next goes to somebody else. */
export async function noteAssigned(tx: Tx, ids: OperatorId[], at: Instant): Promise<void> {
  await tx.query("update presence set last_assigned_at = $3 where tenant = $1 and operator_id = any ($2::uuid[])", [
    tx.tenant,
    ids,
    new Date(at),
  ]);
}

const DESERTED = `
  select c.id from conversation c
  where c.tenant = $1 and c.owner = 'operator' and c.closed_at is null and c.first_unanswered_at is not null
    and exists (select 1 from presence p where p.tenant = $1 and p.operator_id = c.operator_id and p.status = 'offline')
  order by c.id limit $2
  for update of c skip locked`;

/** Conversations whose customer waits for an operator who has gone home, locked. */
export async function takeDeserted(tx: Tx, most: number): Promise<ConversationId[]> {
  const rows = await tx.query<{ id: ConversationId }>(DESERTED, [tx.tenant, most]);
  return rows.map(({ id }) => id);
}

const WORTH_IT = `
  select exists (select 1 from conversation where tenant = $1 and owner = 'queue' and closed_at is null)
    and exists (select 1 from presence where tenant = $1 and status = 'online' and call_id is null)
  or exists (
    select 1 from conversation c join presence p on p.tenant = $1 and p.operator_id = c.operator_id and p.status = 'offline'
    where c.tenant = $1 and c.owner = 'operator' and c.closed_at is null and c.first_unanswered_at is not null) as yes`;

/** Whether a sweep could change anything: asked first, because nearly always nobody waits. */
export async function isWorthSweeping(queries: Queries): Promise<boolean> {
  const [row] = await queries.query<{ yes: boolean }>(WORTH_IT, [queries.tenant]);
  return row!.yes;
}
