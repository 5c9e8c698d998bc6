import type { Queries, Tx } from "#db";
import type { Pump } from "#jobs";
import type { CallId, ContactId, ConversationId, Instant, Locale, MessageId, PhoneNumber } from "#kit";
import type { FastifyPluginAsync } from "fastify";
import type { ChannelEvent, DeliveryStatus, RefusalReason } from "./channel.ts";

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
  /** Leads to the chats the caller has with us already; null while it is not known. */
  phone: PhoneNumber | null;
}

/** Whom a link into a messenger is for. */
interface LinkWish {
  channel: string;
  contactId: ContactId;
  callId: CallId | null;
  /** Of the conversation that begins with it; the brand's account comes from it. */
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

/** What a customer is told about when we will call. */
export type CallTime =
  | { kind: "within"; fromMinutes: number; toMinutes: number }
  /** Nobody calls now: between these times of day, such as `09:00`, when we are there again. */
  | { kind: "between"; from: string; until: string }
  /** Nothing can be foreseen. */
  | { kind: "in-turn" };

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
  ): Promise<CallTime | "no-phone">;
  /** An operator has closed the conversation. */
  closedByOperator(tx: Tx, closed: { conversationId: ConversationId; contactId: ContactId }): Promise<void>;
}

export interface Chat {
  /** Webhooks of the channels, outside of any sign-in. */
  webhooks: FastifyPluginAsync;
  /** What operators may do; the caller guards it with the sign-in. */
  routes: FastifyPluginAsync;
  /** Files of conversations at `/media`; the caller guards it with the sign-in. */
  files: FastifyPluginAsync;
  /** Keeps what a channel has heard on a line of its own, as webhooks are kept. Resolves when it is stored. */
  receive(channel: string, events: ChannelEvent[]): Promise<void>;
  /** What is off: raised again it only gets younger, ended twice it stays ended. */
  alarms: {
    raise(queries: Queries, alarm: { code: string; words: string }): Promise<void>;
    end(queries: Queries, code: string): Promise<void>;
  };
  /** The loops: inbox, answers that are due, outbox, unsettled sends, assignment, files of customers. */
  pumps: Pump[];
  /** Runs where the webhooks are answered. */
  ears: Pump;
  /** Adds the invite to the outbox. "unavailable" when the channel is not connected or has an alarm. */
  invite(tx: Tx, invite: Invite): Promise<{ conversationId: ConversationId; messageId: MessageId } | "unavailable">;
  /**
   * A link that opens a chat on a messenger where a business cannot write first, and joins it to the contact and the call.
   * For one customer, once. Null when this messenger has none now.
   */
  link(tx: Tx, wish: LinkWish): Promise<{ url: string; expiresAt: Instant } | null>;
  /** Says something about the call in the chat and links the call to it. */
  notify(tx: Tx, conversationId: ConversationId, notice: Notice, callId: CallId): Promise<void>;
  /** Says that we will call later than promised. False, and nothing is said, while the customer may not be written to. */
  tellDelay(tx: Tx, conversationId: ConversationId, when: CallTime): Promise<boolean>;
  /** Where this caller may be written to first now, the preferred channel first, and the expected wait there for a person in seconds. */
  room(tx: Queries, asker: Asker): Promise<{ channels: string[]; waitSeconds: number }>;
  /** Resolves when no answer, no send and no file is under way. */
  idle(): Promise<void>;
  /** After stopping the loops, before closing the database: gives up what can be begun again and waits for the rest. */
  stop(): Promise<void>;
}
