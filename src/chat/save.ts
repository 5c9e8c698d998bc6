import { storableText, type Instant } from "#kit";
import { logRow, type Tx } from "#db";
import { insertMedia } from "./media-store.ts";
import { queueLength } from "./thread-store.ts";
import { textsIn } from "./texts/texts.ts";
import type { Changes, NewMessage } from "./thread.ts";
import {
  PLAN,
  UNPLAN,
  WRITE_MOVING,
  WRITE_WHOLE,
  dueColumns,
  movingColumns,
  sortThreads,
  wholeRow,
} from "./thread-rows.ts";
import type { BurstRules } from "./core/burst.ts";

/** Writes everything a batch has gathered: one statement for the hot tables, more only when something rare happened. */
export async function save(tx: Tx, changes: Changes, rules: BurstRules): Promise<void> {
  await tellPlaces(tx, changes);
  const { contacts, identities, threads, messages, events } = changes;
  if (contacts.size + identities.length + threads.size + messages.length + events.length > 0) {
    const { framed, goingOn } = sortThreads([...threads.values()]);
    await tx.query(SAVE, [
      tx.tenant,
      new Date(changes.at),
      storableText([...contacts.values()]),
      storableText(identities),
      storableText(framed.map(wholeRow)),
      storableText(messages.map(messageRow)),
      storableText(events.map(logRow)),
      ...movingColumns(goingOn),
      ...dueColumns([...threads.values()], rules),
    ]);
  }
  await insertMedia(tx, changes.media, changes.at);
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

const iso = (at: Instant | null) => (at === null ? undefined : new Date(at).toISOString());

/** Without what is null: PostgreSQL reads as much of a row as there is. */
const messageRow = (message: NewMessage) => ({
  id: message.id,
  conversation_id: message.conversationId,
  author: message.author,
  operator_id: message.operatorId ?? undefined,
  content: message.content,
  text: message.text,
  purpose: message.purpose ?? undefined,
  at: iso(message.at),
  provider_id: message.providerId ?? undefined,
  reply_to: message.replyTo ?? undefined,
  client_id: message.clientId ?? undefined,
  status: message.status ?? undefined,
  channel: message.channel,
  account: message.account,
  address: message.address,
  meta: message.meta ?? undefined,
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
    ${WRITE_WHOLE}
  ), turns as (
    ${WRITE_MOVING}
  ), planned as (
    ${PLAN}
  ), done as (
    ${UNPLAN}
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
