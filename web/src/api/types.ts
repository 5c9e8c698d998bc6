import type { Locale } from "../i18n/format.ts";

export interface Operator {
  id: string;
  name: string;
  role: "operator" | "supervisor" | "admin";
  locale: Locale;
}

export type PresenceStatus = "online" | "away" | "offline";

export interface Session {
  operator: Operator;
  presence: { status: PresenceStatus; reason: string | null };
}

export type View = "mine" | "queue" | "bot" | "closed";

export interface ConversationRow {
  id: string;
  customer: { name: string; phone: string | null };
  channel: string;
  owner: "bot" | "queue" | "operator" | "closed";
  operator: { id: string; name: string } | null;
  preview: string;
  unread: number;
  waitingSince: string | null;
  lastMessageAt: string;
  /** Of the customer, who may speak a language our screens do not. */
  locale: Locale | "kk";
  /** The customer has blocked us here: nothing can be sent until they write again. */
  blocked: boolean;
}

/** The telephone call a conversation came from. */
export interface CallStory {
  id: string;
  placeAtOffer: number | null;
  waitedSeconds: number | null;
  ewtSeconds: number | null;
  acceptedAt: string | null;
  deliveredAt: string | null;
  endedAt: string | null;
  outcome: string | null;
}

export interface Conversation extends ConversationRow {
  /** Whether free text may be sent now, and until when. */
  window: { open: boolean; closesAt: string | null };
  call: CallStory | null;
  /** Files that can be sent; null when this messenger carries none. */
  attach: { types: string[]; mostBytes: number } | null;
}

export type MessageStatus = "queued" | "sending" | "accepted" | "sent" | "delivered" | "read" | "failed" | "unclear";

/** Why a customer's file is not here. */
export type FileFailure = "gone" | "too-large" | "refused" | "not-connected" | "damaged" | "unreachable" | "not-stored";

/** The picture, sound, film or document of a message. */
export interface MessageFile {
  id: string;
  kind: "image" | "video" | "audio" | "voice" | "document" | "sticker";
  caption: string;
  fileName: string | null;
  at: "wanted" | "fetching" | "stored" | "failed" | "expired";
  because: FileFailure | null;
  nextTryAt: string | null;
  size: number | null;
  type: string | null;
  /** Whether it may be shown; else it can only be saved. */
  showable: boolean;
}

export interface Message {
  id: string;
  author: "customer" | "bot" | "operator" | "system" | "note";
  authorName: string | null;
  text: string;
  at: string;
  status: MessageStatus | null;
  error: { code: string; message: string } | null;
  choices: { id: string; title: string }[];
  guesses: { intent: string; confidence: number }[];
  file: MessageFile | null;
  editedAt: string | null;
}

export interface Thread {
  conversation: Conversation;
  messages: Message[];
}

/** Something that is off right now. */
export interface Alarm {
  code: string;
  words: string;
  since: number;
}

export interface Colleague {
  id: string;
  name: string;
  presence: { status: PresenceStatus; reason: string | null };
}

export type TransferTarget = { operatorId: string } | { queue: true } | { bot: true };

/** What the live channel says: something happened; what is shown should be read again. `resync`: too much was missed. */
export interface LiveEvent {
  seq: number;
  kind: string;
  conversationId?: string | null;
  callId?: string | null;
}
