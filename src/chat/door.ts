import type { Queries, Tx } from "#db";
import type { Pump } from "#jobs";
import type { CallId, ContactId, ConversationId, Instant, Locale, MessageId, PhoneNumber } from "#kit";
import type { FastifyPluginAsync } from "fastify";
import type { DeliveryStatus, RefusalReason } from "./channel.ts";

/** A caller pressed 1: open (or go on with) the conversation and send the template that carries `token`. */
export interface Invite {
  callId: CallId;
  channel: string;
  phone: PhoneNumber;
  locale: Locale;
  queue: string;
  /** In the button payloads of the template; joins a reply to the call. */
  token: string;
  /** Shown to the operator and the customer: the place held and the wait so far. */
  place: number;
  waitedSeconds: number;
}

/** Whose place is asked about: the brand comes from the queue, the template's language from the caller. */
export interface Asker {
  queue: string;
  locale: Locale;
}

/** What became of an invite, in the transaction that learnt it. */
export interface InviteProgress {
  callId: CallId;
  messageId: MessageId;
  outcome:
    | { kind: "accepted" }
    | { kind: "status"; status: DeliveryStatus; code: string | null; because: RefusalReason | null }
    | { kind: "refused"; because: RefusalReason; code: string }
    /** The channel is too busy or down; it may go later, but nobody should wait for it on the phone. */
    | { kind: "busy" }
    | { kind: "unclear" };
}

/** Something the customer is told in the chat because of the call. Words come from the catalogue. */
export type Notice = "talking-to-operator" | "place-kept" | "callback-promised" | "call-me-queued";

/** What the chat tells the rooms after it; `main.ts` connects them. All run inside the chat's transaction. */
export interface ChatHooks {
  inviteProgress(tx: Tx, progress: InviteProgress): Promise<void>;
  /** The customer wrote or tapped in a conversation that came from this call. */
  customerEngaged(tx: Tx, engaged: { callId: CallId; conversationId: ConversationId; at: Instant }): Promise<void>;
  /** The customer asks to be phoned: take the first place back. "no-phone" when there is no number to dial. */
  callMe(
    tx: Tx,
    wish: { conversationId: ConversationId; contactId: ContactId; callId: CallId | null; at: Instant },
  ): Promise<"queued" | "no-phone">;
}

export interface Chat {
  /** Webhooks of the channels, outside of any sign-in. */
  webhooks: FastifyPluginAsync;
  /** What operators may do; the caller guards it with the sign-in. */
  routes: FastifyPluginAsync;
  /** The loops: inbox, answers that are due, outbox, unsettled sends, assignment. */
  pumps: Pump[];
  /** Runs where the webhooks are answered. */
  ears: Pump;
  /** Adds the invite to the outbox. "unavailable" when the channel is not connected or has an alarm. */
  invite(tx: Tx, invite: Invite): Promise<{ conversationId: ConversationId; messageId: MessageId } | "unavailable">;
  /** Says something about the call in the chat and links the call to it. */
  notify(tx: Tx, conversationId: ConversationId, notice: Notice, callId: CallId): Promise<void>;
  /** Whether these callers may be offered a messenger now, and the expected wait there for a person in seconds. */
  room(tx: Queries, asker: Asker): Promise<{ channel: string | null; waitSeconds: number }>;
  /** Resolves when no answer and no send is under way: after stopping the loops, before closing the database. */
  idle(): Promise<void>;
}
