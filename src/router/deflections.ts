import type { Tx } from "#db";
import type { CallId, ContactId, ConversationId, Instant, Locale, MessageId, PhoneNumber } from "#kit";
import { dueAt, type Deflection } from "./core/deflection.ts";

/** One deflection with what its effects need to know about the call. */
export interface DeflectionRow {
  callId: CallId;
  state: Deflection;
  dueAt: Instant | null;
  /** Where the message goes. */
  phone: PhoneNumber | null;
  channel: string;
  /** Channels that did not work in this call. */
  tried: string[];
  token: string;
  messageId: MessageId | null;
  conversationId: ConversationId | null;
  queue: string;
  locale: Locale;
  callPhone: PhoneNumber | null;
  contactId: ContactId | null;
  enqueuedAt: Instant;
}

/** Loads for change: whoever comes second waits. Null when the call was never offered anything. */
export async function loadDeflection(tx: Tx, callId: CallId): Promise<DeflectionRow | null> {
  const [row] = await tx.query<DeflectionRow>(LOAD, [tx.tenant, callId]);
  return row ?? null;
}

/** A first offer of this call; false when there was one already. */
export async function insertOffered(
  tx: Tx,
  offer: { callId: CallId; channel: string; token: string; at: Instant },
): Promise<boolean> {
  const state: Deflection = { at: "offered" };
  const rows = await tx.query(INSERT, [
    tx.tenant,
    offer.callId,
    JSON.stringify(state),
    state.at,
    offer.channel,
    offer.token,
    new Date(offer.at),
  ]);
  return rows.length > 0;
}

/** Stores the state and when it wants to be looked at again. */
export async function saveDeflection(tx: Tx, row: DeflectionRow): Promise<void> {
  const due = dueAt(row.state);
  const values = [
    tx.tenant,
    row.callId,
    JSON.stringify(row.state),
    row.state.at,
    due === null ? null : new Date(due),
    row.phone,
    row.messageId,
    row.conversationId,
    row.channel,
    row.tried,
  ];
  await tx.query(SAVE, values);
}

const LOAD = `
  select d.call_id as "callId", d.state, d.due_at as "dueAt", d.phone, d.channel, d.tried, d.token, d.message_id as "messageId",
         d.conversation_id as "conversationId", c.queue, c.locale, c.phone as "callPhone", c.contact_id as "contactId",
         coalesce(c.enqueued_at, c.arrived_at) as "enqueuedAt"
  from deflection d join call c on c.tenant = d.tenant and c.id = d.call_id
  where d.tenant = $1 and d.call_id = $2 for update of d`;

const INSERT = `
  insert into deflection (tenant, call_id, state, at, channel, token, created_at)
  values ($1, $2, $3, $4, $5, $6, $7) on conflict (tenant, call_id) do nothing returning call_id`;

const SAVE = `
  update deflection set state = $3, at = $4, due_at = $5, phone = $6, message_id = $7, conversation_id = $8,
    channel = $9, tried = $10
  where tenant = $1 and call_id = $2`;
