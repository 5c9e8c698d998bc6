import type { CallId, ConversationId, Instant, MessageId } from "#kit";
import type { Queries, Tx } from "#db";
import { NO_REPEATS, type Repeats, type UnclearSend } from "./core/unclear.ts";

const BEAT = `
  insert into node (tenant, id, seen_at) values ($1, $2, $3)
  on conflict (tenant, id) do update set seen_at = excluded.seen_at`;

/** Says that this process is alive: what it is sending is its own business. */
export async function beat(queries: Queries, epoch: string, now: Instant): Promise<void> {
  await queries.query(BEAT, [queries.tenant, epoch, new Date(now)]);
}

/** The name under which whoever answers webhooks beats, so that the others know that receipts are heard. */
export const EARS = "00000000-0000-7000-8000-0000000000ea";

/** True when somebody has heard what providers tell since then. */
export async function isHeard(queries: Queries, since: Instant): Promise<boolean> {
  const found = await queries.query("select from node where tenant = $1 and id = $2 and seen_at > $3", [
    queries.tenant,
    EARS,
    new Date(since),
  ]);
  return found.length > 0;
}

const ABANDON = `
  with lost as (
    select m.id from message m
    where m.tenant = $1 and m.status = 'sending' and m.claimed_by is not null and m.claimed_by <> $2
      and not exists (select 1 from node n where n.tenant = $1 and n.id = m.claimed_by and n.seen_at > $3)
    order by m.id limit 500 for update skip locked
  )
  update message m set status = 'unclear', error = '{"because": null, "code": "program-ended", "words": "the program ended while sending"}'
  from lost where m.tenant = $1 and m.id = lost.id
  returning m.id, case when m.purpose = 'invite' then (m.meta ->> 'callId')::uuid end as "inviteOf"`;

/** Sends of processes that are gone: nobody will tell how they ended. */
export const abandon = (
  tx: Tx,
  epoch: string,
  aliveSince: Instant,
): Promise<{ id: MessageId; inviteOf: CallId | null }[]> => tx.query(ABANDON, [tx.tenant, epoch, new Date(aliveSince)]);

/** A send that stayed unclear although receipts had all the time they need. */
export interface Unsettled extends UnclearSend {
  id: MessageId;
  conversationId: ConversationId;
}

const UNSETTLED = `
  select id, conversation_id as "conversationId", author, purpose, at,
    case error ->> 'code' when 'program-ended' then 'program-ended' else 'line-broke' end as loss,
    '${JSON.stringify(NO_REPEATS)}'::jsonb || coalesce(meta -> 'repeats', '{}') as repeats
  from message
  where tenant = $1 and status = 'unclear' and claimed_by is not null
    and claimed_at <= case when channel = any ($3::text[]) then $4::timestamptz else $2::timestamptz end
  order by id limit 500 for update skip locked`;

/** Until when unclear sends are waited for: on channels that tell what became of them, and on those that do not. */
export interface Patience<Until> {
  others: Until;
  silent: Until;
}

/** What is unclear for too long, locked; null takes nothing. */
export const takeUnsettled = (
  tx: Tx,
  silentChannels: string[],
  { others, silent }: Patience<Instant | null>,
): Promise<Unsettled[]> => {
  const [told, untold] = [others, silent].map((until) => (until === null ? null : new Date(until)));
  return tx.query(UNSETTLED, [tx.tenant, told, silentChannels, untold]);
};

const RESEND = `
  update message m set status = 'queued', send_at = $3, error = null,
    meta = coalesce(m.meta, '{}') || jsonb_build_object('repeats', again.repeats)
  from jsonb_to_recordset($2::jsonb) as again (id uuid, repeats jsonb)
  where m.tenant = $1 and m.id = again.id`;

/** Sends these once more, marked: the customer may have got them already. */
export async function resend(tx: Tx, again: { id: MessageId; repeats: Repeats }[], now: Instant): Promise<void> {
  if (again.length > 0) await tx.query(RESEND, [tx.tenant, JSON.stringify(again), new Date(now)]);
}

const GIVE_UP = `
  update message set claimed_by = null
  where tenant = $1 and id = any ($2::uuid[]) and status = 'unclear' and claimed_by is not null
  returning id, conversation_id as "conversationId", author, at`;

/** A send whose fate will stay unknown. */
export type GivenUp = Pick<Unsettled, "id" | "conversationId" | "author" | "at">;

/** Leaves these unclear for good: people see "delivery unknown", and what waited behind them goes on. */
export const giveUp = async (tx: Tx, ids: MessageId[]): Promise<GivenUp[]> =>
  ids.length === 0 ? [] : tx.query<GivenUp>(GIVE_UP, [tx.tenant, ids]);

const OLDEST = `
  select min(claimed_at) filter (where channel <> all ($2::text[])) as others,
    min(claimed_at) filter (where channel = any ($2::text[])) as silent
  from message where tenant = $1 and status in ('sending', 'unclear') and claimed_by is not null`;

/** Since when the oldest unsettled sends wait. */
export async function oldestUnsettled(queries: Queries, silentChannels: string[]): Promise<Patience<Instant | null>> {
  const [row] = await queries.query<Patience<Instant | null>>(OLDEST, [queries.tenant, silentChannels]);
  return row!;
}

const TIDY = `
  with old_nodes as (delete from node where tenant = $1 and seen_at < $2)
  delete from send_pace where tenant = $1 and tat < $2`;

/** Forgets paces and processes of long ago. */
export async function tidy(queries: Queries, before: Instant): Promise<void> {
  await queries.query(TIDY, [queries.tenant, new Date(before)]);
}
