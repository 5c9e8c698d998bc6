import type { CallTime } from "#chat";
import type { Queries, Tx } from "#db";
import type {
  CallId,
  ContactId,
  ConversationId,
  Instant,
  JsonObject,
  Locale,
  Localized,
  OperatorId,
  PhoneNumber,
} from "#kit";
import { asked, dueAt, isOver, type Callback } from "./core/callback.ts";

/** One callback with what its steps need to know about the queue and the customer. */
export interface CallbackRow {
  id: string;
  queue: string;
  phone: PhoneNumber;
  reason: string;
  callId: CallId | null;
  contactId: ContactId | null;
  conversationId: ConversationId | null;
  /** The place in the line: never written here. */
  enqueuedAt: Instant;
  state: Callback;
  /** The operator's line that serves it, or served it last. */
  leg: string | null;
  operatorId: OperatorId | null;
  promise: CallTime | null;
  promisedAt: Instant | null;
  note: string | null;
  /** The customer's name and language. */
  name: string | null;
  locale: Locale;
  /** The number of ours that the customer knows. */
  hotline: PhoneNumber | null;
  /** Heard instead of the brand's name, where the queue has one of its own. */
  queueName: Partial<Localized> | null;
  rules: JsonObject;
}

interface Stored extends Omit<CallbackRow, "state"> {
  status: string;
  state: Callback | null;
}

/** Loads for change: whoever comes second waits. */
export const takeCallback = (tx: Tx, id: string): Promise<CallbackRow | null> =>
  one(tx, `${LOAD} and b.id = $2 for update of b`, id);

/** Loads without a lock. */
export const readCallback = (queries: Queries, id: string): Promise<CallbackRow | null> =>
  one(queries, `${LOAD} and b.id = $2`, id);

/** The callback that is served on this operator's line, or was last. Not locked. */
export const readByLine = (queries: Queries, leg: string): Promise<CallbackRow | null> =>
  one(
    queries,
    `${LOAD} and b.leg = $2 order by b.status in ('operator-ringing', 'dialling', 'talking') desc limit 1`,
    leg,
  );

async function one(queries: Queries, sql: string, key: string): Promise<CallbackRow | null> {
  const [row] = await queries.query<Stored>(sql, [queries.tenant, key]);
  if (!row) return null;
  const { status, ...rest } = row;
  return { ...rest, state: stateOf(status, row.state) };
}

/** What another release has settled meanwhile is settled. */
function stateOf(status: string, state: Callback | null): Callback {
  if (status === "waiting") return state?.at === "waiting" ? state : asked;
  if (state?.at === status) return state;
  return { ...(state ?? asked), at: "cancelled", because: "called-in" };
}

/** The callback that is served on this operator's line now, for change. */
export const takeByLine = (tx: Tx, leg: string): Promise<CallbackRow | null> =>
  one(tx, `${LOAD} and b.leg = $2 and b.status in ('operator-ringing', 'dialling', 'talking') for update of b`, leg);

/** The language an operator is spoken to in. */
export async function languageOf(queries: Queries, operatorId: OperatorId | null, otherwise: Locale): Promise<Locale> {
  const [row] = await queries.query<{ locale: Locale }>("select locale from operator where tenant = $1 and id = $2", [
    queries.tenant,
    operatorId,
  ]);
  return row?.locale ?? otherwise;
}

/** Stores where it is and when it wants to be looked at again. */
export async function saveCallback(tx: Tx, row: CallbackRow, now: Instant): Promise<void> {
  const due = dueAt(row.state);
  await tx.query(SAVE, [
    tx.tenant,
    row.id,
    JSON.stringify(row.state),
    row.state.at,
    due === null ? null : new Date(due),
    row.leg,
    row.operatorId,
    row.note,
    isOver(row.state) ? new Date(now) : null,
  ]);
}

const LOAD = `
  select b.id, b.queue, b.phone, b.reason, b.call_id as "callId", b.contact_id as "contactId",
    b.conversation_id as "conversationId", b.enqueued_at as "enqueuedAt", b.status, b.state, b.leg,
    b.operator_id as "operatorId", b.promise, b.promised_at as "promisedAt", b.note, c.name,
    coalesce(c.locale, q.locale, 'ru') as locale, q.name as "queueName",
    (select h.number from hotline h where h.tenant = b.tenant and h.queue = b.queue
      order by h.number = q.number desc nulls last, h.number limit 1) as hotline, coalesce(q.rules, '{}') as rules
  from callback b
  left join queue q on q.tenant = b.tenant and q.code = b.queue
  left join contact c on c.tenant = b.tenant and c.id = b.contact_id
  where b.tenant = $1`;

const SAVE = `
  update callback set state = $3, status = $4, due_at = $5, leg = $6, operator_id = $7, note = $8,
    ended_at = coalesce(ended_at, $9)
  where tenant = $1 and id = $2`;
