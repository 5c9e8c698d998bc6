import type { CallId, ContactId, ConversationId, Instant } from "#kit";
import type { Queries, Tx } from "#db";
import { everybody, phoneOf } from "./merge-store.ts";
import type { Thread } from "./thread.ts";
import { frameOf } from "./thread-rows.ts";

type Row = Omit<Thread, "frame">;

const threadsIn = async <More extends object = object>(
  queries: Queries,
  text: string,
  values: unknown[],
): Promise<(Thread & More)[]> =>
  (await queries.query<Row & More>(text, values)).map((row) => ({ ...row, frame: frameOf(row) }));

const THREAD = `
  c.id, c.contact_id as "contactId", c.channel, c.account, c.address, c.locale, c.queue, c.call_id as "callId",
  c.opened_at as "openedAt", c.state, c.preview, c.unread, c.last_message_at as "lastMessageAt",
  ${phoneOf("c.contact_id")} as phone`;

/** Every statement that takes several threads locks them in the order of their ids: no two can wait for each other. */
const LATEST = `
  select ${THREAD}, coalesce(owner.merged_into, owner.id) as person
  from conversation c join contact owner on owner.tenant = $1 and owner.id = c.contact_id
  where c.tenant = $1 and c.id = any (array(
    select latest.id
    from unnest($2::uuid[], $3::text[], $4::text[]) as wanted (contact_id, channel, account)
    cross join lateral (
      (select id from conversation
       where tenant = $1 and contact_id in (${everybody("wanted.contact_id")}) and channel = wanted.channel
         and account = wanted.account and closed_at is null)
      union
      (select id from conversation
       where tenant = $1 and contact_id in (${everybody("wanted.contact_id")}) and channel = wanted.channel
         and account = wanted.account
       order by opened_at desc, id desc limit 1)
    ) latest
    union select unnest($5::uuid[])))
  order by c.id
  for update of c`;

/** The open conversations of each person with an account of ours and the newest, and those named, locked; oldest first. */
export const takeLatest = (
  tx: Tx,
  people: { contactId: ContactId; channel: string; account: string }[],
  named: ConversationId[] = [],
): Promise<(Thread & { person: ContactId })[]> => {
  const columns = [
    people.map((one) => one.contactId),
    people.map((one) => one.channel),
    people.map((one) => one.account),
  ];
  return threadsIn<{ person: ContactId }>(tx, LATEST, [tx.tenant, ...columns, named]);
};

const BY_ID = `
  select ${THREAD} from conversation c
  where c.tenant = $1 and c.id = any ($2::uuid[]) order by c.id for update of c`;

/** These conversations, locked. */
export const takeThreads = (tx: Tx, ids: ConversationId[]): Promise<Thread[]> => threadsIn(tx, BY_ID, [tx.tenant, ids]);

/** One conversation as it is, not locked. */
export async function readThread(queries: Queries, id: ConversationId): Promise<Thread | null> {
  const [thread] = await threadsIn(queries, `select ${THREAD} from conversation c where c.tenant = $1 and c.id = $2`, [
    queries.tenant,
    id,
  ]);
  return thread ?? null;
}

const TOUCH = `
  update conversation c set call_id = case when c.closed_at is null then coalesce($3, c.call_id) else c.call_id end, preview = $4, last_message_at = $5
  from (select id from conversation where tenant = $1 and id = $2 for update skip locked) free
  where c.tenant = $1 and c.id = free.id`;

/** Notes a message about a call in the conversation's row; whoever is holding the row is changing these fields anyway. */
export async function touchIfFree(
  tx: Tx,
  touch: { id: ConversationId; callId: CallId | null; preview: string; at: Instant },
): Promise<void> {
  await tx.query(TOUCH, [tx.tenant, touch.id, touch.callId, touch.preview, new Date(touch.at)]);
}

/** `conversation.due_at` is what the release before has planned (migration 0002). */
const DUE = `
  select ${THREAD} from conversation c
  where c.tenant = $1 and c.id = any (array(
    (select conversation_id from due_conversation where tenant = $1 and due_at <= $2 order by due_at limit $3)
    union
    (select id from conversation where tenant = $1 and due_at <= $2 order by due_at limit $3)))
  order by c.id limit $3
  for update of c skip locked`;

/** Conversations that have become due and nobody else is looking at, locked. */
export const takeDue = (tx: Tx, now: Instant, most: number): Promise<Thread[]> =>
  threadsIn(tx, DUE, [tx.tenant, new Date(now), most]);

/** When the next conversation becomes due. */
export async function nextDue(queries: Queries): Promise<Instant | null> {
  const [row] = await queries.query<{ at: Instant | null }>(
    `select least(
      (select min(due_at) from due_conversation where tenant = $1),
      (select min(due_at) from conversation where tenant = $1 and due_at is not null)) as at`,
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
