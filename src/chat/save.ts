import type { Instant } from "#kit";
import { logRow, type Tx } from "#db";
import { dueAt } from "./core/conversation.ts";
import { queueLength } from "./thread-store.ts";
import { textsIn } from "./texts/texts.ts";
import type { Changes, NewMessage, Thread } from "./thread.ts";
import type { BurstRules } from "./core/burst.ts";
import { storableText } from "./storable.ts";

/** Writes everything a batch has gathered: one statement for the hot tables, more only when something rare happened. */
export async function save(tx: Tx, changes: Changes, rules: BurstRules): Promise<void> {
  await tellPlaces(tx, changes);
  const { contacts, identities, threads, messages, events } = changes;
  if (contacts.size + identities.length + threads.size + messages.length + events.length > 0) {
    await tx.query(SAVE, [
      tx.tenant,
      new Date(changes.at),
      storableText([...contacts.values()]),
      storableText(identities),
      storableText([...threads.values()].map((thread) => threadRow(thread, rules))),
      storableText(messages.map(messageRow)),
      JSON.stringify(events.map(logRow)),
    ]);
  }
  await saveLanguages(tx, changes);
  await saveRatings(tx, changes);
}

async function saveLanguages(tx: Tx, { languages }: Changes): Promise<void> {
  if (languages.size === 0) return;
  await tx.query(SPEAK, [tx.tenant, [...languages.keys()], [...languages.values()]]);
}

const SPEAK = `
  update contact c set locale = told.locale from unnest($2::uuid[], $3::text[]) as told (id, locale)
  where c.tenant = $1 and c.id = told.id`;

/** Ends the hand-over messages with the place in the queue; counted only when somebody was handed over. */
async function tellPlaces(tx: Tx, { handOvers }: Changes): Promise<void> {
  if (handOvers.length === 0) return;
  let place = await queueLength(tx);
  for (const { thread, message } of handOvers) {
    place += 1;
    const line = textsIn(thread.locale).handedOver(place);
    message.text = message.text === "" ? line : `${message.text}\n\n${line}`;
    message.content = { ...message.content, text: message.text };
    thread.preview = previewOf(message.text);
  }
}

const PREVIEW = 120;

/** The beginning of a message for lists, on one line. */
export const previewOf = (text: string): string => text.slice(0, PREVIEW).replace(/\s+/g, " ").toWellFormed();

const iso = (at: Instant | null) => (at === null ? null : new Date(at).toISOString());

function threadRow(thread: Thread, rules: BurstRules) {
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
    operator_id: state.owner === "operator" ? state.operatorId : state.owner === "closed" ? state.spokesman : null,
    state,
    call_id: thread.callId,
    opened_at: iso(thread.openedAt),
    closed_at: state.owner === "closed" ? iso(state.at) : null,
    last_inbound_at: iso(state.heardAt),
    first_unanswered_at: iso(state.waitingSince),
    queued_at: state.owner === "queue" ? iso(state.since) : null,
    last_message_at: iso(thread.lastMessageAt),
    preview: thread.preview,
    unread: thread.unread,
    due_at: iso(dueAt(state, rules)),
  };
}

const messageRow = (message: NewMessage) => ({
  id: message.id,
  conversation_id: message.conversationId,
  author: message.author,
  operator_id: message.operatorId,
  content: message.content,
  text: message.text,
  purpose: message.purpose,
  at: iso(message.at),
  provider_id: message.providerId,
  reply_to: message.replyTo,
  client_id: message.clientId,
  status: message.status,
  channel: message.channel,
  account: message.account,
  address: message.address,
  meta: message.meta,
});

/** A new identity that somebody else has just taken fails the batch: it is then decided again with that person known. */
const SAVE = `
  with people as (
    insert into contact (tenant, id, name, locale, created_at)
    select $1, id, name, locale, $2 from jsonb_to_recordset($3::jsonb) as t (id uuid, name text, locale text)
    on conflict (tenant, id) do update set name = coalesce(contact.name, excluded.name)
  ), names as (
    insert into identity (tenant, channel, address, contact_id, seen_at)
    select $1, channel, address, "contactId", $2
    from jsonb_to_recordset($4::jsonb) as t (channel text, address text, "contactId" uuid)
  ), talks as (
    insert into conversation (tenant, id, contact_id, channel, account, address, locale, queue, owner, operator_id, state, call_id,
      opened_at, closed_at, last_inbound_at, first_unanswered_at, queued_at, last_message_at, preview, unread, due_at)
    select $1, id, contact_id, channel, account, address, locale, queue, owner, operator_id, state, call_id,
      opened_at, closed_at, last_inbound_at, first_unanswered_at, queued_at, last_message_at, preview, unread, due_at
    from jsonb_to_recordset($5::jsonb) as t (id uuid, contact_id uuid, channel text, account text, address text, locale text, queue text,
      owner text, operator_id uuid, state jsonb, call_id uuid, opened_at timestamptz, closed_at timestamptz, last_inbound_at timestamptz,
      first_unanswered_at timestamptz, queued_at timestamptz, last_message_at timestamptz, preview text, unread int, due_at timestamptz)
    on conflict (tenant, id) do update set account = excluded.account, address = excluded.address, locale = excluded.locale,
      queue = excluded.queue, owner = excluded.owner, operator_id = excluded.operator_id, state = excluded.state, call_id = excluded.call_id,
      closed_at = excluded.closed_at, last_inbound_at = excluded.last_inbound_at, first_unanswered_at = excluded.first_unanswered_at,
      queued_at = excluded.queued_at, last_message_at = excluded.last_message_at, preview = excluded.preview, unread = excluded.unread,
      due_at = excluded.due_at
  ), log as (
    insert into event (tenant, at, kind, call_id, conversation_id, contact_id, operator_id, data)
    select $1, at, kind, call_id, conversation_id, contact_id, operator_id, data
    from jsonb_to_recordset($7::jsonb) as t (at timestamptz, kind text, call_id uuid, conversation_id uuid, contact_id uuid,
      operator_id uuid, data jsonb)
  )
  insert into message (tenant, id, conversation_id, author, operator_id, content, text, purpose, at, provider_id, reply_to, client_id,
    status, channel, account, address, send_at, meta)
  select $1, id, conversation_id, author, operator_id, content, text, purpose, at, provider_id, reply_to, client_id,
    status, channel, account, address, case when status = 'queued' then $2 end, meta
  from jsonb_to_recordset($6::jsonb) as t (id uuid, conversation_id uuid, author text, operator_id uuid, content jsonb, text text,
    purpose text, at timestamptz, provider_id text, reply_to text, client_id uuid, status text, channel text, account text, address text,
    meta jsonb)
  on conflict do nothing`;

async function saveRatings(tx: Tx, { ratingsAsked, ratingsGiven, at }: Changes): Promise<void> {
  if (ratingsAsked.length > 0) await tx.query(ASKED, [tx.tenant, new Date(at), JSON.stringify(ratingsAsked)]);
  if (ratingsGiven.length > 0) await tx.query(GIVEN, [tx.tenant, new Date(at), storableText(ratingsGiven)]);
}

const ASKED = `
  insert into rating (tenant, conversation_id, about, operator_id, asked_at)
  select $1, "conversationId", about, "operatorId", $2
  from jsonb_to_recordset($3::jsonb) as t ("conversationId" uuid, about text, "operatorId" uuid)
  on conflict do nothing`;

const GIVEN = `
  update rating r
  set score = coalesce(r.score, t.score), comment = coalesce(r.comment, t.comment), rated_at = coalesce(r.rated_at, $2)
  from jsonb_to_recordset($3::jsonb) as t ("conversationId" uuid, score int, comment text)
  where r.tenant = $1 and r.conversation_id = t."conversationId"`;
