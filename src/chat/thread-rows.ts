import { storable, storableText, type Instant, type OperatorId } from "#kit";
import type { BurstRules } from "./core/burst.ts";
import { dueAt, type Conversation } from "./core/conversation.ts";
import type { Thread } from "./thread.ts";

/**
 * How conversations are written, as parts of the one statement that saves a batch. A turn changes a few columns that no
 * index names (HOT); all the others make up the frame, and only a thread whose frame has changed is written whole.
 */

const iso = (at: Instant | null) => (at === null ? null : new Date(at).toISOString());

const operatorOf = (state: Conversation): OperatorId | null =>
  state.owner === "operator" ? state.operatorId : state.owner === "closed" ? state.spokesman : null;

const closedAt = (state: Conversation) => (state.owner === "closed" ? state.at : null);
const queuedAt = (state: Conversation) => (state.owner === "queue" ? state.since : null);

/** What seldom changes of a thread's row, to be compared. */
export function frameOf({ account, address, locale, queue, callId, state }: Omit<Thread, "frame">): string {
  const where = [account, address, locale, queue, callId];
  return JSON.stringify([...where, state.owner, operatorOf(state), closedAt(state), queuedAt(state)]);
}

/** Those to be written whole, because they are new or their frame has changed, and those that just go on. */
export function sortThreads(threads: Thread[]): { framed: Thread[]; goingOn: Thread[] } {
  const framed: Thread[] = [];
  const goingOn: Thread[] = [];
  for (const thread of threads) (thread.frame === frameOf(thread) ? goingOn : framed).push(thread);
  return { framed, goingOn };
}

/** A row with everything in it, for `WRITE_WHOLE`. */
export function wholeRow(thread: Thread) {
  const { state } = thread;
  return {
    id: thread.id,
    contact_id: thread.contactId,
    channel: thread.channel,
    account: thread.account,
    address: thread.address,
    locale: thread.locale,
    queue: thread.queue,
    owner: state.owner,
    operator_id: operatorOf(state),
    state,
    call_id: thread.callId,
    opened_at: iso(thread.openedAt),
    closed_at: iso(closedAt(state)),
    last_inbound_at: iso(state.heardAt),
    first_unanswered_at: iso(state.waitingSince),
    queued_at: iso(queuedAt(state)),
    last_message_at: iso(thread.lastMessageAt),
    preview: thread.preview,
    unread: thread.unread,
  };
}

export const WRITE_WHOLE = `
    insert into conversation (tenant, id, contact_id, channel, account, address, locale, queue, owner, operator_id, state, call_id,
      opened_at, closed_at, last_inbound_at, first_unanswered_at, queued_at, last_message_at, preview, unread)
    select $1, id, contact_id, channel, account, address, locale, queue, owner, operator_id, state, call_id,
      opened_at, closed_at, last_inbound_at, first_unanswered_at, queued_at, last_message_at, preview, unread
    from jsonb_to_recordset($5::jsonb) as t (id uuid, contact_id uuid, channel text, account text, address text, locale text, queue text,
      owner text, operator_id uuid, state jsonb, call_id uuid, opened_at timestamptz, closed_at timestamptz, last_inbound_at timestamptz,
      first_unanswered_at timestamptz, queued_at timestamptz, last_message_at timestamptz, preview text, unread int)
    on conflict (tenant, id) do update set account = excluded.account, address = excluded.address, locale = excluded.locale,
      queue = excluded.queue, owner = excluded.owner, operator_id = excluded.operator_id, state = excluded.state, call_id = excluded.call_id,
      closed_at = excluded.closed_at, last_inbound_at = excluded.last_inbound_at, first_unanswered_at = excluded.first_unanswered_at,
      queued_at = excluded.queued_at, last_message_at = excluded.last_message_at, preview = excluded.preview, unread = excluded.unread,
      due_at = null`;

/** Columns, not records, and no join: whatever PostgreSQL believes about the table, each row is looked up by its key. */
export const movingColumns = (threads: Thread[]): unknown[][] => [
  threads.map(({ id }) => id),
  threads.map(({ state }) => storableText(state)),
  threads.map(({ state }) => iso(state.heardAt)),
  threads.map(({ state }) => iso(state.waitingSince)),
  threads.map(({ lastMessageAt }) => iso(lastMessageAt)),
  threads.map(({ preview }) => storable(preview)),
  threads.map(({ unread }) => unread),
];

export const WRITE_MOVING = `
    update conversation set due_at = null,
      (state, last_inbound_at, first_unanswered_at, last_message_at, preview, unread) = (
        select ($9::jsonb[])[n], ($10::timestamptz[])[n], ($11::timestamptz[])[n], ($12::timestamptz[])[n], ($13::text[])[n], ($14::int[])[n]
        from array_position($8::uuid[], id) as n)
    where tenant = $1 and id = any ($8::uuid[])`;

/** When each thread is due, and the threads that no longer are. */
export function dueColumns(threads: Thread[], rules: BurstRules): unknown[][] {
  const all = threads.map(({ id, state }) => ({ id, at: iso(dueAt(state, rules)) }));
  const due = all.filter(({ at }) => at !== null);
  return [due.map(({ id }) => id), due.map(({ at }) => at), all.filter(({ at }) => at === null).map(({ id }) => id)];
}

export const PLAN = `
    insert into due_conversation (tenant, conversation_id, due_at)
    select $1, id, at from unnest($15::uuid[], $16::timestamptz[]) as t (id, at)
    on conflict (tenant, conversation_id) do update set due_at = excluded.due_at`;

/** By the place of each row: a plan made while the table is empty may read all the dead rows of a busy day. */
export const UNPLAN = `
    delete from due_conversation where ctid = any (array(
      select found.place
      from unnest($17::uuid[]) as over (id)
      cross join lateral (
        select d.ctid as place from due_conversation d where d.tenant = $1 and d.conversation_id = over.id offset 0) found))`;
