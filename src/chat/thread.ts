import type {
  CallId,
  ContactId,
  ConversationId,
  Instant,
  Json,
  JsonObject,
  Locale,
  MessageId,
  OperatorId,
  PhoneNumber,
} from "#kit";
import type { LogEntry } from "#db";
import type { OutboundContent } from "./channel.ts";
import type { Burst } from "./core/burst.ts";
import type { Conversation } from "./core/conversation.ts";
import type { RatedParty, Score } from "./core/rating.ts";

/** A conversation as the shell holds it: the machine's state with what the row says beside it. */
export interface Thread {
  id: ConversationId;
  contactId: ContactId;
  channel: string;
  account: string;
  /** Where replies go: the identity the last message came from. */
  address: string;
  locale: Locale;
  queue: string;
  callId: CallId | null;
  openedAt: Instant;
  state: Conversation;
  preview: string;
  unread: number;
  lastMessageAt: Instant | null;
  /** The customer's own number, when one is known. */
  phone: PhoneNumber | null;
}

export type Author = "customer" | "bot" | "operator" | "system" | "note";

/** A row of `message` that is about to be written. `status` is null for what is not sent. */
export interface NewMessage {
  id: MessageId;
  conversationId: ConversationId;
  author: Author;
  operatorId: OperatorId | null;
  content: OutboundContent | JsonObject;
  text: string;
  purpose: string | null;
  at: Instant;
  providerId: string | null;
  replyTo: string | null;
  clientId: string | null;
  status: "queued" | null;
  channel: string;
  account: string;
  address: string;
  meta: Json;
}

interface NewContact {
  id: ContactId;
  name: string | null;
  locale: Locale;
}

interface NewIdentity {
  channel: string;
  address: string;
  contactId: ContactId;
}

/** An answer to the question 1–5, or words about it. */
interface RatingAnswer {
  conversationId: ConversationId;
  score: Score | null;
  comment: string | null;
}

/** Everything one batch wants to have written, gathered in memory and saved in few statements. */
export interface Changes {
  at: Instant;
  contacts: Map<ContactId, NewContact>;
  /** Contacts who turned out to speak another language. */
  languages: Map<ContactId, Locale>;
  identities: NewIdentity[];
  threads: Map<ConversationId, Thread>;
  messages: NewMessage[];
  events: LogEntry[];
  ratingsAsked: { conversationId: ConversationId; about: RatedParty; operatorId: OperatorId | null }[];
  ratingsGiven: RatingAnswer[];
  /** Messages whose words end with the place in the queue, which only the database knows. */
  handOvers: { thread: Thread; message: NewMessage }[];
  /** Bursts the bot has to answer after the commit. */
  asks: { thread: Thread; burst: Burst }[];
  seekOperator: boolean;
}

/** Nothing to write yet. */
export const noChanges = (at: Instant): Changes => ({
  at,
  contacts: new Map(),
  languages: new Map(),
  identities: [],
  threads: new Map(),
  messages: [],
  events: [],
  ratingsAsked: [],
  ratingsGiven: [],
  handOvers: [],
  asks: [],
  seekOperator: false,
});
