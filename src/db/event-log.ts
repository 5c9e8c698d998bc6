import {
  storableText,
  type CallId,
  type ContactId,
  type ConversationId,
  type Instant,
  type JsonObject,
  type OperatorId,
} from "#kit";
import type { Queries } from "./database.ts";

/**
 * One decision or fact, with the inputs that led to it. Append-only: analytics, live screens and replays read
 * nothing else. `kind` is `noun.past-tense`.
 */
export interface LogEntry {
  at: Instant;
  kind: string;
  callId?: CallId | null;
  conversationId?: ConversationId | null;
  contactId?: ContactId | null;
  operatorId?: OperatorId | null;
  data?: JsonObject;
}

/** Appends in one statement. Inside a transaction the entries share its fate. */
export async function recordEvents(queries: Queries, entries: LogEntry[]): Promise<void> {
  if (entries.length === 0) return;
  await queries.query(INSERT, [queries.tenant, storableText(entries.map(row))]);
}

/** As `jsonb_to_recordset` reads it, from `storableText`; for statements that append to the log beside other work. */
export const row = (entry: LogEntry) => ({
  at: new Date(entry.at).toISOString(),
  kind: entry.kind,
  call_id: entry.callId ?? undefined,
  conversation_id: entry.conversationId ?? undefined,
  contact_id: entry.contactId ?? undefined,
  operator_id: entry.operatorId ?? undefined,
  data: entry.data ?? {},
});

const INSERT = `
  insert into event (tenant, at, kind, call_id, conversation_id, contact_id, operator_id, data)
  select $1, at, kind, call_id, conversation_id, contact_id, operator_id, data
  from jsonb_to_recordset($2::jsonb) as entry(at timestamptz, kind text, call_id uuid, conversation_id uuid,
    contact_id uuid, operator_id uuid, data jsonb)`;
