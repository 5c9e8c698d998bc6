import { later, millis, type CallId, type ConversationId, type Instant, type MessageId } from "#kit";
import type { Queries } from "#db";
import type { Abilities, OutboundContent, RefusalReason } from "./channel.ts";
import { rankOf } from "./status-store.ts";

/** A message this process has taken upon itself to send. */
export interface Claimed {
  id: MessageId;
  conversationId: ConversationId;
  account: string;
  address: string;
  content: OutboundContent;
  replyTo: string | null;
  attempts: number;
  /** The session window is counted from here. */
  lastInboundAt: Instant | null;
  inviteOf: CallId | null;
}

/**
 * Claims what may leave now. Only the first unsettled message of a conversation may, so the order holds.
 * Paces are theoretical arrival times (GCRA): `everyMs` apart, a burst ahead of time. The account's row is locked and
 * read anew, so several processes share one budget; accounts that are gone have none, because nothing leaves from them. Customers over their pace are put off until it allows.
 * `offset 0` keeps the look at one conversation a look into its index: joined as a whole, a database without statistics
 * reads everything in flight again for each message.
 */
const CLAIM = `
  with head as materialized (
    select m.id, m.account, m.address, m.send_at
    from message m
    where m.tenant = $1 and m.channel = $2 and m.status = 'queued' and m.send_at <= $3
      and not exists (
        select 1 from message earlier
        where earlier.tenant = $1 and earlier.conversation_id = m.conversation_id and earlier.id < m.id
          and earlier.status in ('queued', 'sending', 'unclear')
          and (earlier.status <> 'unclear' or earlier.claimed_by is not null)
        offset 0)
    order by m.send_at, m.id limit $4
    for update of m skip locked
  ), account_pace as materialized (
    select key, tat from send_pace where tenant = $1 and key = any ($5::text[]) for update
  ), budget as (
    select * from unnest($5::text[], $8::interval[], $9::interval[]) as t (key, apart, burst)
  ), paced as (
    select head.*, 'from ' || $2 || ' ' || head.account as account_key, 'to ' || $2 || ' ' || head.account || ' ' || head.address as customer_key,
      greatest(coalesce(p.tat, $3::timestamptz), $3::timestamptz) + $6::interval as customer_tat
    from head left join send_pace p on p.tenant = $1 and p.key = 'to ' || $2 || ' ' || head.account || ' ' || head.address
  ), patient as (
    select paced.*, paced.customer_tat - $7::interval as free_at from paced where paced.customer_tat - $7::interval > $3::timestamptz
  ), turned as (
    select paced.*, coalesce(b.burst, interval '0') as account_burst, greatest(coalesce(a.tat, $3::timestamptz), $3::timestamptz)
      + coalesce(b.apart, interval '0') * row_number() over (partition by paced.account order by paced.send_at, paced.id) as account_tat
    from paced left join account_pace a on a.key = paced.account_key left join budget b on b.key = paced.account_key
    where paced.customer_tat - $7::interval <= $3::timestamptz
  ), chosen as (
    select * from turned where account_tat - account_burst <= $3::timestamptz
  ), put_off as (
    update message m set send_at = patient.free_at from patient where m.tenant = $1 and m.id = patient.id
  ), pace as (
    insert into send_pace (tenant, key, tat)
    select $1, customer_key, max(customer_tat) from chosen group by customer_key
    union all
    select $1, account_key, max(account_tat) from chosen group by account_key
    on conflict (tenant, key) do update set tat = greatest(send_pace.tat, excluded.tat)
  )
  update message m set status = 'sending', claimed_by = $10, claimed_at = $3, attempts = m.attempts + 1
  from chosen, conversation c
  where m.tenant = $1 and m.id = chosen.id and c.tenant = $1 and c.id = m.conversation_id
  returning m.id, m.conversation_id as "conversationId", m.account, m.address, m.content, m.reply_to as "replyTo", m.attempts,
    c.last_inbound_at as "lastInboundAt", case when m.purpose = 'invite' then (m.meta ->> 'callId')::uuid end as "inviteOf"`;

/** A little under the limit with a small burst, so that no second ever holds more than the limit. */
const SHARE_FOR_BURST = 0.05;

interface ClaimRequest {
  channel: string;
  /** Of every connected account. */
  paces: { account: string; perSecond: number }[];
  budget: Abilities["budget"];
  epoch: string;
  now: Instant;
  most: number;
}

/** Marks up to `most` messages as being sent by this process. Committed when it resolves: only then may they leave. */
export function claim(
  queries: Queries,
  { channel, paces, budget, epoch, now, most }: ClaimRequest,
): Promise<Claimed[]> {
  const { everyMs, burst: customerBurst } = budget.perCustomer;
  const limits = paces.map(({ perSecond }) => limitsOf(perSecond));
  return queries.query<Claimed>(CLAIM, [
    queries.tenant,
    channel,
    new Date(now),
    most,
    paces.map(({ account }) => `from ${channel} ${account}`),
    `${everyMs} milliseconds`,
    `${everyMs * customerBurst} milliseconds`,
    limits.map(({ apart }) => `${apart} milliseconds`),
    limits.map(({ ahead }) => `${ahead} milliseconds`),
    epoch,
  ]);
}

/** How far apart an account's messages leave, and how far ahead of that a burst may be. */
function limitsOf(perSecond: number): { apart: number; ahead: number } {
  const burst = Math.max(1, Math.floor(perSecond * SHARE_FOR_BURST));
  const apart = 1000 / Math.max(1, perSecond - burst);
  return { apart, ahead: apart * burst };
}

/** How a claimed message fared. */
export type Fate =
  | { kind: "accepted"; id: MessageId; providerId: string; status: "accepted" | "sent" }
  | { kind: "failed"; id: MessageId; error: { because: RefusalReason; code: string; words: string } }
  | { kind: "again"; id: MessageId; sendAt: Instant }
  | { kind: "unclear"; id: MessageId; error: { because: null; code: string; words: string } };

/**
 * A receipt may have overtaken the answer to the request: then the row keeps what it says. The look for a next message is
 * phrased for the index of what is in flight in one conversation; the index of all that is queued would be walked through.
 */
const SETTLE = `
  with told as (
    select * from jsonb_to_recordset($2::jsonb) as t (id uuid, status text, "providerId" text, error jsonb, "sendAt" timestamptz)
  ), locked as materialized (
    select id from message where tenant = $1 and id = any (array(select id from told)) order by id for update
  )
  update message m set
    status = case
      when told.status = 'queued' then case when m.status = 'sending' then 'queued' else m.status end
      when ${rankOf("m.status")} < ${rankOf("told.status")} then told.status
      else m.status end,
    provider_id = coalesce(m.provider_id, told."providerId"),
    error = case when ${rankOf("m.status")} < ${rankOf("told.status")} then told.error else m.error end,
    send_at = coalesce(told."sendAt", m.send_at)
  from told join locked on locked.id = told.id
  where m.tenant = $1 and m.id = told.id
  returning m.id, exists (
    select 1 from (
      select id, status from message
      where tenant = $1 and conversation_id = m.conversation_id and status in ('queued', 'sending', 'unclear') offset 0) near
    where near.status = 'queued' and near.id > m.id) as "hasNext"`;

/** Saves what became of sends. True when a message behind one of them may leave now. */
export async function settle(queries: Queries, fates: Fate[]): Promise<boolean> {
  const rows = await queries.query<{ hasNext: boolean }>(SETTLE, [queries.tenant, JSON.stringify(fates.map(fateRow))]);
  return rows.some(({ hasNext }) => hasNext);
}

function fateRow(fate: Fate) {
  switch (fate.kind) {
    case "accepted":
      return { id: fate.id, status: fate.status, providerId: fate.providerId };
    case "failed":
      return { id: fate.id, status: "failed", error: fate.error };
    case "again":
      return { id: fate.id, status: "queued", sendAt: new Date(fate.sendAt).toISOString() };
    case "unclear":
      return { id: fate.id, status: "unclear", error: fate.error };
  }
}

/** Held back by the account's pace, not by its own time: looked for again this soon. */
export const PACE_LOOK = millis(25);

const NEXT = `
  select min(greatest(m.send_at, $3)) as at from message m
  where m.tenant = $1 and m.channel = $2 and m.status = 'queued' and (m.send_at > $3 or not exists (
    select 1 from message earlier
    where earlier.tenant = $1 and earlier.conversation_id = m.conversation_id and earlier.id < m.id
      and earlier.status in ('queued', 'sending', 'unclear') and (earlier.status <> 'unclear' or earlier.claimed_by is not null)
    offset 0))`;

/** When the next message may leave. Those behind an unsettled one are woken by its settling. */
export async function nextSendAt(queries: Queries, channel: string, now: Instant): Promise<Instant | null> {
  const soon = new Date(later(now, PACE_LOOK));
  const [row] = await queries.query<{ at: Instant | null }>(NEXT, [queries.tenant, channel, soon]);
  return row?.at ?? null;
}
