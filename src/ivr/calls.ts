import { recordEvents, type LogEntry, type Tx } from "#db";
import {
  newId,
  readCallerId,
  readPhone,
  type CallId,
  type CallerId,
  type Clock,
  type ContactId,
  type Instant,
  type JsonObject,
  type Locale,
  type Localized,
  type OperatorId,
  type PhoneNumber,
  type Region,
} from "#kit";
import { DEFAULT_BRAND, type Brands } from "#company";
import type { CallerKind } from "#router";
import type { IncomingCall, QueueReport, VoiceDocument } from "#voice";
import { arrivedFlow, type Flow } from "./core/flow.ts";

type CallState = "waiting" | "leaving" | "talking" | "ended";
/** How a call ended. Only `abandoned` counts as lost. */
export type EndReason =
  | "answered"
  | "moved"
  | "callback"
  | "gone-to-chat"
  | "abandoned"
  | "queue-full"
  | "lost-contact";

/** One call with its queue, locked by whoever loaded it. */
export interface Call {
  id: CallId;
  providerCall: string;
  queue: string;
  locale: Locale;
  phone: PhoneNumber | null;
  callerKind: CallerKind;
  contactId: ContactId | null;
  status: CallState;
  state: Flow;
  providerQueue: string | null;
  providerPosition: number | null;
  enqueuedAt: Instant;
  /** When the provider last spoke of it. */
  heardAt: Instant;
  connectedAt: Instant | null;
  endedAt: Instant | null;
  endReason: EndReason | null;
  operatorId: OperatorId | null;
  statusSequence: number;
  /** The question being asked; null when none is. */
  turn: string | null;
  /** The last answered question with what was said to the answer: a repeated request hears the same. */
  turnDocument: { turn: string; document: VoiceDocument } | null;
  /** What callers of this queue hear instead of the name of its brand. */
  queueName: Partial<Localized> | null;
  rules: JsonObject | null;
  peak: JsonObject | null;
}

/** Loads a call for change; null when we never heard of it. */
export async function loadCall(tx: Tx, providerCall: string): Promise<Call | null> {
  const [row] = await tx.query<Call>(`${LOAD} and c.provider_call = $2 for update of c`, [tx.tenant, providerCall]);
  return row ?? null;
}

const time = (at: Instant | null) => (at === null ? null : new Date(at));

/** Stores what one request changed, in one statement. */
export async function saveCall(tx: Tx, call: Call): Promise<void> {
  await tx.query(SAVE, [
    tx.tenant,
    call.id,
    call.status,
    JSON.stringify(call.state),
    call.providerQueue,
    call.providerPosition,
    time(call.connectedAt),
    time(call.endedAt),
    call.endReason,
    call.operatorId,
    call.statusSequence,
    call.turn,
    call.turnDocument === null ? null : JSON.stringify(call.turnDocument),
    new Date(call.heardAt),
  ]);
}

interface Place {
  /** Of the number that was dialled, before its brand is known. */
  region: Region;
  defaultQueue: string;
  defaultLocale: Locale;
  brands: Pick<Brands, "find" | "languageOfCall">;
}

/** The queue of a number, or the default one. */
interface Dialled {
  code: string;
  locale: Locale;
  brand: string;
}

/** Gives a new call its place; the second request about the same call finds it. Answers the queue to wait in. */
export async function addCall(tx: Tx, clock: Clock, incoming: IncomingCall, where: Place): Promise<string> {
  const now = clock.now();
  const queue = await queueOf(tx, readPhone(incoming.to, where.region) ?? incoming.to, where);
  const caller = readCallerId(incoming.from, where.brands.find(queue.brand).region);
  const locale = await languageOf(tx, queue, caller, where);
  const call = { id: newId<CallId>(now), code: queue.code, locale, caller, enqueuedAt: now };
  if (await insert(tx, incoming.providerCall, call, now))
    await recordEvents(tx, [
      { at: now, kind: "call.arrived", callId: call.id, data: { queue: queue.code, locale, caller: kindOf(caller) } },
    ]);
  return queue.code;
}

async function queueOf(tx: Tx, number: string, { defaultQueue, defaultLocale }: Place): Promise<Dialled> {
  const [queue] = await tx.query<Dialled>(QUEUE_OF, [tx.tenant, number, defaultQueue]);
  return queue ?? { code: defaultQueue, locale: defaultLocale, brand: DEFAULT_BRAND };
}

/** The language of the call; a caller who chose another line than that of the known language is remembered with it. */
async function languageOf(tx: Tx, queue: Dialled, caller: CallerId, { brands }: Place): Promise<Locale> {
  if (caller.kind !== "number") return queue.locale;
  const [known] = await tx.query<{ id: ContactId; locale: Locale }>(KNOWN, [tx.tenant, caller.phone]);
  const locale = brands.languageOfCall(queue, known?.locale ?? null);
  if (known && known.locale !== locale) await tx.query(LEARN_LANGUAGE, [tx.tenant, known.id, locale]);
  return locale;
}

/**
 * A caller who waits without our knowing: the database was away when the call came and the fallback document put it
 * into the default queue. The place counts from when it began to wait.
 */
export async function adoptCall(
  tx: Tx,
  clock: Clock,
  providerCall: string,
  report: QueueReport,
  where: Place,
): Promise<Call> {
  const now = clock.now();
  const enqueuedAt = (now - report.waitedSeconds * 1000) as Instant;
  const { code, locale } = await queueOf(tx, "", where);
  const call = {
    id: newId<CallId>(now),
    code,
    locale,
    caller: { kind: "hidden" } as const,
    enqueuedAt,
  };
  if (await insert(tx, providerCall, call, now))
    await recordEvents(tx, [
      {
        at: now,
        kind: "call.arrived",
        callId: call.id,
        data: { queue: call.code, locale: call.locale, caller: "hidden", adopted: true },
      },
    ]);
  return (await loadCall(tx, providerCall))!;
}

/** One line of this call in the event log. */
export const logged = (
  call: Call,
  at: Instant,
  kind: string,
  data: JsonObject = {},
  operatorId: OperatorId | null = null,
): LogEntry => ({
  at,
  kind,
  callId: call.id,
  contactId: call.contactId,
  operatorId,
  data,
});

const kindOf = (caller: CallerId): CallerKind => (caller.kind === "number" ? caller.line : caller.kind);

interface NewCall {
  id: CallId;
  code: string;
  locale: Locale;
  caller: CallerId;
  enqueuedAt: Instant;
}

async function insert(
  tx: Tx,
  providerCall: string,
  { id, code, locale, caller, enqueuedAt }: NewCall,
  now: Instant,
): Promise<boolean> {
  const phone = caller.kind === "number" ? caller.phone : null;
  const values = [
    tx.tenant,
    id,
    providerCall,
    code,
    locale,
    phone,
    kindOf(caller),
    JSON.stringify(arrivedFlow),
    new Date(now),
    new Date(enqueuedAt),
  ];
  return (await tx.query(INSERT, values)).length > 0;
}

const QUEUE_OF = `
  select code, locale, brand from queue
  where tenant = $1 and code in ((select queue from hotline where tenant = $1 and number = $2), $3)
  order by code = $3 limit 1`;

const KNOWN = `
  select c.id, c.locale from identity i join contact c on c.tenant = i.tenant and c.id = i.contact_id
  where i.tenant = $1 and i.channel = 'phone' and i.address = $2`;

const LEARN_LANGUAGE = "update contact set locale = $3 where tenant = $1 and id = $2";

const INSERT = `
  insert into call (tenant, id, provider_call, queue, locale, phone, caller_kind, status, state, arrived_at, heard_at, enqueued_at, contact_id)
  values ($1, $2, $3, $4, $5, $6, $7, 'waiting', $8, $9, $9, $10,
    (select contact_id from identity where tenant = $1 and channel = 'phone' and address = $6))
  on conflict (tenant, provider_call) do nothing returning id`;

const LOAD = `
  select c.id, c.provider_call as "providerCall", c.queue, c.locale, c.phone, c.caller_kind as "callerKind",
         c.contact_id as "contactId", c.status, c.state, c.provider_queue as "providerQueue",
         c.provider_position as "providerPosition", coalesce(c.enqueued_at, c.arrived_at) as "enqueuedAt",
         coalesce(c.heard_at, c.arrived_at) as "heardAt", c.connected_at as "connectedAt", c.ended_at as "endedAt", c.end_reason as "endReason",
         c.operator_id as "operatorId", c.status_sequence as "statusSequence", c.turn, c.turn_document as "turnDocument",
         q.name as "queueName", q.rules, p.state as peak
  from call c
  left join queue q on q.tenant = c.tenant and q.code = c.queue
  left join peak_mode p on p.tenant = c.tenant and p.queue = c.queue
  where c.tenant = $1`;

const SAVE = `
  update call set status = $3, state = $4, provider_queue = $5, provider_position = $6, connected_at = $7, ended_at = $8,
    end_reason = $9, operator_id = coalesce($10, operator_id), status_sequence = $11, turn = $12, turn_document = $13,
    heard_at = $14
  where tenant = $1 and id = $2`;
