import { phoneOf } from "./merge-store.ts";
import {
  later,
  millis,
  type CallId,
  type ConversationId,
  type Instant,
  type Json,
  type JsonObject,
  type Locale,
  type MediaId,
  type OperatorId,
} from "#kit";
import type { Queries } from "#db";
import { isHarmless } from "#media";
import type { Abilities, MediaKind } from "./channel.ts";
import type { Media, MediaFailure } from "./core/media.ts";
import { tellCall, type CallEvent, type CallStory } from "./core/call-story.ts";
import type { Author } from "./thread.ts";

export type View = "mine" | "queue" | "bot" | "closed";

/** A conversation as operators see it in a list. */
export interface ConversationView {
  id: ConversationId;
  /** `phone` is null when the person hides it. */
  customer: { id: string; name: string | null; phone: string | null };
  channel: string;
  owner: string;
  operator: { id: OperatorId; name: string } | null;
  preview: string;
  unread: number;
  waitingSince: string | null;
  lastMessageAt: string | null;
  locale: Locale;
  /** The place in the queue for a person, from 1. */
  position: number | null;
  /** Nothing can be sent until the customer writes again. */
  blocked: boolean;
}

/** The file of a message. */
interface FileView {
  id: MediaId;
  kind: MediaKind;
  /** What was written beside it. */
  caption: string;
  fileName: string | null;
  /** Where it is in its life, and why it failed. */
  at: Exclude<Media["at"], "withdrawn">;
  because: MediaFailure | null;
  nextTryAt: string | null;
  size: number | null;
  type: string | null;
  /** Whether a page may show it; else it can only be saved. */
  showable: boolean;
}

interface MessageView {
  id: string;
  author: Author;
  authorName: string | null;
  text: string;
  at: string;
  status: string | null;
  error: { code: string; message: string } | null;
  choices: { id: string; title: string }[];
  guesses: { intent: string; confidence: number }[];
  file: FileView | null;
  editedAt: string | null;
}

export interface FullView extends ConversationView {
  window: { open: boolean; closesAt: string | null };
  call: CallStory | null;
  messages: MessageView[];
}

interface Row {
  id: ConversationId;
  name: string | null;
  contactId: string;
  phone: string | null;
  channel: string;
  owner: string;
  operatorId: OperatorId | null;
  operatorName: string | null;
  preview: string;
  unread: number;
  waitingSince: Instant | null;
  lastMessageAt: Instant | null;
  lastInboundAt: Instant | null;
  locale: Locale;
  position: number | null;
  blocked: boolean;
  callId: CallId | null;
}

const SELECT = `
  select c.id, p.name, c.channel, c.owner, c.operator_id as "operatorId", o.name as "operatorName", c.preview, c.unread,
    c.first_unanswered_at as "waitingSince", c.last_message_at as "lastMessageAt", c.last_inbound_at as "lastInboundAt", c.locale,
    c.call_id as "callId",
    c.contact_id as "contactId", ${phoneOf("c.contact_id")} as phone,
    case when c.owner = 'queue' then (
      select count(*)::int from conversation before
      where before.tenant = $1 and before.owner = 'queue' and before.closed_at is null and (before.queued_at, before.id) <= (c.queued_at, c.id)
    ) end as position,
    exists (
      select 1 from chat_block b
      where b.tenant = $1 and b.channel = c.channel and b.account = c.account and b.address = c.address and b.blocked
    ) as blocked
  from conversation c
  join contact p on p.tenant = $1 and p.id = c.contact_id
  left join operator o on o.tenant = $1 and o.id = c.operator_id`;

/** Most rows a list shows; the oldest wait first, the newest endings come first. */
const MOST = 200;

const LISTS: Record<View, string> = {
  mine: `${SELECT} where c.tenant = $1 and c.closed_at is null and c.operator_id = $2 order by c.first_unanswered_at nulls last, c.last_message_at desc limit ${MOST}`,
  queue: `${SELECT} where c.tenant = $1 and c.closed_at is null and c.owner = 'queue' and $2::uuid is not null order by c.queued_at, c.id limit ${MOST}`,
  bot: `${SELECT} where c.tenant = $1 and c.closed_at is null and c.owner = 'bot' and $2::uuid is not null order by c.last_message_at desc nulls last limit ${MOST}`,
  closed: `${SELECT} where c.tenant = $1 and c.closed_at is not null and $2::uuid is not null order by c.closed_at desc limit ${MOST}`,
};

/** One of the four lists of an operator. */
export async function listConversations(
  queries: Queries,
  view: View,
  operatorId: OperatorId,
): Promise<ConversationView[]> {
  return (await queries.query<Row>(LISTS[view], [queries.tenant, operatorId])).map(viewOf);
}

/** One conversation with everything said in it; null when there is none. */
export async function readConversation(
  queries: Queries,
  id: ConversationId,
  now: Instant,
  abilitiesOf: (channel: string) => Abilities | null,
): Promise<FullView | null> {
  const [row] = await queries.query<Row>(`${SELECT} where c.tenant = $1 and c.id = $2`, [queries.tenant, id]);
  if (!row) return null;
  const messages = await queries.query<MessageRow>(MESSAGES, [queries.tenant, id]);
  return {
    ...viewOf(row),
    window: windowOf(row, now, abilitiesOf(row.channel)),
    call: row.callId === null ? null : await readCall(queries, row.callId, messages),
    messages: messages.map((message) => messageView(message, row)),
  };
}

const iso = (at: Instant | null) => (at === null ? null : new Date(at).toISOString());

const viewOf = (row: Row): ConversationView => ({
  id: row.id,
  customer: { id: row.contactId, name: row.name, phone: row.phone },
  channel: row.channel,
  owner: row.owner,
  operator: row.operatorId === null ? null : { id: row.operatorId, name: row.operatorName ?? "" },
  preview: row.preview,
  unread: row.unread,
  waitingSince: iso(row.waitingSince),
  lastMessageAt: iso(row.lastMessageAt),
  locale: row.locale,
  position: row.position,
  blocked: row.blocked,
});

function windowOf(row: Row, now: Instant, abilities: Abilities | null): FullView["window"] {
  if (row.owner === "closed" || row.blocked || !abilities) return { open: false, closesAt: null };
  if (abilities.freeTextWindowMs === null) return { open: true, closesAt: null };
  if (row.lastInboundAt === null) return { open: false, closesAt: null };
  const closesAt = later(row.lastInboundAt, millis(abilities.freeTextWindowMs));
  return { open: now < closesAt, closesAt: iso(closesAt) };
}

interface MessageRow {
  id: string;
  author: Author;
  operatorName: string | null;
  text: string;
  at: Instant;
  status: string | null;
  error: { because: string | null; code: string; words: string } | null;
  purpose: string | null;
  content: JsonObject;
  meta: { [key: string]: Json } | null;
  file: FileRow | null;
}

type FileRow = Pick<FileView, "id" | "kind" | "fileName" | "at" | "because" | "size" | "type"> & {
  tries: number;
  dueAt: string | null;
};

/** The newest of a very long conversation. Files are looked up one by one: a join may be planned as a read of all there are. */
const MESSAGES = `
  select * from (
    select m.id, m.author, o.name as "operatorName", m.text, m.at, m.status, m.error, m.purpose, m.content, m.meta,
      case when m.content ->> 'kind' = 'media' then (
        select jsonb_build_object('id', f.id, 'kind', f.kind, 'fileName', f.file_name, 'at', f.at, 'because', f.because,
          'tries', f.tries, 'dueAt', f.due_at, 'size', f.size, 'type', f.type)
        from media f where f.tenant = $1 and f.message_id = m.id) end as file
    from message m left join operator o on o.tenant = $1 and o.id = m.operator_id
    where m.tenant = $1 and m.conversation_id = $2 order by m.id desc limit 1000
  ) newest order by id`;

function messageView({ operatorName, content, meta, error, file, ...message }: MessageRow, { name }: Row): MessageView {
  return {
    id: message.id,
    author: message.author,
    authorName: message.author === "customer" ? name : operatorName,
    text: message.text,
    at: new Date(message.at).toISOString(),
    status: message.status,
    error: error && { code: error.because ?? error.code, message: error.words },
    choices: ((content["choices"] ?? meta?.["choices"] ?? []) as MessageView["choices"]).map(({ id, title }) => ({
      id,
      title,
    })),
    guesses: (meta?.["guesses"] ?? []) as unknown as MessageView["guesses"],
    editedAt: iso((meta?.["editedAt"] ?? null) as Instant | null),
    file: file && fileView(file, content),
  };
}

/** A first try is under way almost at once; only later ones are worth a time. */
function fileView({ tries, dueAt, ...file }: FileRow, content: JsonObject): FileView {
  const caption = content["caption"] ?? content["text"];
  return {
    ...file,
    caption: typeof caption === "string" ? caption : "",
    nextTryAt: file.at === "wanted" && tries > 0 && dueAt !== null ? new Date(dueAt).toISOString() : null,
    showable: file.type !== null && isHarmless(file.type),
  };
}

async function readCall(queries: Queries, callId: CallId, messages: MessageRow[]): Promise<CallStory> {
  const events = await queries.query<CallEvent>(
    "select kind, at, data from event where tenant = $1 and call_id = $2 order by seq",
    [queries.tenant, callId],
  );
  const invite = messages.findLast(({ purpose, meta }) => purpose === "invite" && meta?.["callId"] === callId)?.meta;
  return tellCall(callId, events, invite ?? null);
}
