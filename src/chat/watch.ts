import type { CallId, ConversationId, Instant, MessageId } from "#kit";
import type { ChannelEvent, SendOutcome } from "./channel.ts";
import type { InboxRow } from "./inbox-store.ts";
import type { Changes } from "./thread.ts";

/** When something was begun and when it was done. */
interface Took {
  began: Instant;
  ended: Instant;
}

/** What a provider told us, by the ids of its rows in the inbox. */
interface StoredReport extends Took {
  channel: string;
  events: { id: string; kind: ChannelEvent["kind"] }[];
}

/** One row of the inbox that was worked on, and what it was about. */
export interface TakenIn {
  id: string;
  channel: string;
  kind: ChannelEvent["kind"];
  receivedAt: Instant;
  /** A message of the customer: where it went, and which burst it belongs to while the bot gathers one. */
  conversationId: ConversationId | null;
  burst: number | null;
  /** A receipt: our message it is about, when the provider echoed its id. */
  messageId: MessageId | null;
}

/** A burst the bot was asked about, and what was queued for it; nothing when the answer was no longer wanted. */
export interface DecidedReport extends Took {
  conversationId: ConversationId;
  callId: CallId | null;
  burst: number;
  bot: "answered" | "failed";
  messages: MessageId[];
}

/** What became of one send. */
export interface SendReport extends Took {
  messageId: MessageId;
  conversationId: ConversationId;
  /** The call an invite belongs to. */
  callId: CallId | null;
  channel: string;
  account: string;
  outcome: SendOutcome;
  /** The first is 1. */
  attempt: number;
}

/** Hears of messages on their way, each after it is durable or sent; for metrics and traces. Must neither throw nor wait. */
export interface ChatWatch {
  stored?(report: StoredReport): void;
  tookIn?(report: Took & { events: TakenIn[] }): void;
  decided?(report: DecidedReport): void;
  sent?(report: SendReport): void;
}

/** What these rows turned out to be about. */
export function takenIn(rows: InboxRow[], { messages, threads }: Changes): TakenIn[] {
  const heard = messages.filter(({ author }) => author === "customer");
  const places = new Map(
    heard.map(({ channel, providerId, conversationId }) => [`${channel} ${providerId}`, conversationId]),
  );
  return rows.map(({ id, channel, event, receivedAt }) => {
    const conversationId = (event.kind === "message" && places.get(`${channel} ${event.providerId}`)) || null;
    const state = conversationId === null ? undefined : threads.get(conversationId)?.state;
    const burst = state?.owner === "bot" ? (state.burst?.n ?? null) : null;
    const messageId = event.kind === "status" ? event.messageId : null;
    return { id, channel, kind: event.kind, receivedAt, conversationId, burst, messageId };
  });
}
