import type { CallId, ContactId, ConversationId, Instant } from "#kit";
import type { Queries, Tx } from "#db";
import type { Thread } from "./thread.ts";

const THREAD = `
  c.id, c.contact_id as "contactId", c.channel, c.account, c.address, c.locale, c.queue, c.call_id as "callId",
  c.opened_at as "openedAt", c.state, c.preview, c.unread, c.last_message_at as "lastMessageAt",
  (select p.address from identity p where p.tenant = c.tenant and p.contact_id = c.contact_id and p.channel = 'phone' limit 1) as phone`;

/** Every statement that takes several threads locks them in the order of their ids: no two can wait for each other. */
const LATEST = `
  select ${THREAD}
  from conversation c
  where c.tenant = $1 and c.id = any (array(
    select latest.id
    from unnest($2::uuid[], $3::text[], $4::text[]) as wanted (contact_id, channel, account)
    cross join lateral (
      select id from conversation
      where tenant = $1 and contact_id = wanted.contact_id and channel = wanted.channel and account = wanted.account
      order by opened_at desc, id desc limit 1
    ) latest
    union select unnest($5::uuid[])))
  order by c.id
  for update of c`;

/** The newest conversation of each contact with an account of ours, open or closed, and those named, locked. */
export const takeLatest = (
  tx: Tx,
  people: { contactId: ContactId; channel: string; account: string }[],
  named: ConversationId[] = [],
): Promise<Thread[]> => {
  const columns = [
    people.map((one) => one.contactId),
    people.map((one) => one.channel),
    people.map((one) => one.account),
  ];
  return tx.query<Thread>(LATEST, [tx.tenant, ...columns, named]);
};

const BY_ID = `
  select ${THREAD} from conversation c
  where c.tenant = $1 and c.id = any ($2::uuid[]) order by c.id for update of c`;

/** These conversations, locked. */
export const takeThreads = (tx: Tx, ids: ConversationId[]): Promise<Thread[]> =>
  tx.query<Thread>(BY_ID, [tx.tenant, ids]);

/** One conversation as it is, not locked. */
export async function readThread(queries: Queries, id: ConversationId): Promise<Thread | null> {
  const [thread] = await queries.query<Thread>(
    `select ${THREAD} from conversation c where c.tenant = $1 and c.id = $2`,
    [queries.tenant, id],
  );
  return thread ?? null;
}

const TOUCH = `
  update conversation c set call_id = case when c.closed_at is null then $3 else c.call_id end, preview = $4, last_message_at = $5
  from (select id from conversation where tenant = $1 and id = $2 for update skip locked) free
  where c.tenant = $1 and c.id = free.id`;

/** Notes a message about a call in the conversation's row; whoever is holding the row is changing these fields anyway. */
export async function touchIfFree(
  tx: Tx,
  touch: { id: ConversationId; callId: CallId; preview: string; at: Instant },
): Promise<void> {
  await tx.query(TOUCH, [tx.tenant, touch.id, touch.callId, touch.preview, new Date(touch.at)]);
}

const DUE = `
  select ${THREAD} from conversation c
  where c.tenant = $1 and c.due_at <= $2
  order by c.due_at limit $3
  for update of c skip locked`;

/** Conversations that have become due and nobody else is looking at, locked. */
export const takeDue = (tx: Tx, now: Instant, most: number): Promise<Thread[]> =>
  tx.query<Thread>(DUE, [tx.tenant, new Date(now), most]);

/** When the next conversation becomes due. */
export async function nextDue(queries: Queries): Promise<Instant | null> {
  const [row] = await queries.query<{ at: Instant | null }>(
    "select min(due_at) as at from conversation where tenant = $1 and due_at is not null",
    [queries.tenant],
  );
  return row?.at ?? null;
}

/** How many wait for a person now. */
export async function queueLength(queries: Queries): Promise<number> {
  const [row] = await queries.query<{ n: number }>(
    "select count(*) as n from conversation where tenant = $1 and owner = 'queue' and closed_at is null",
    [queries.tenant],
  );
  return row!.n;
}
