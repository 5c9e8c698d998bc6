import type { Instant, Locale, MediaId, MessageId, PhoneNumber } from "#kit";
import type { Readable } from "node:stream";

/** A request from a provider, as it came: nothing in it is believed yet. */
export interface Webhook {
  /** Header names in lower case. */
  headers: Record<string, string | string[] | undefined>;
  query: Record<string, string>;
  rawBody: Buffer;
  /** The account in the path; null when the address is the one all accounts share. */
  account: string | null;
}

/** Where a customer is reached. Only the channel reads `id`: a phone, a WhatsApp id, a BSUID, a chat number. */
export interface Address {
  channel: string;
  /** Our own end: the business number's id, the bot's. */
  account: string;
  id: string;
}

export type MediaKind = "image" | "video" | "audio" | "voice" | "document" | "sticker";

/** The files a channel can send: by kind, the types (by their content) and sizes it takes. The first kind that fits is sent. */
export type MediaAbilities = Partial<
  Record<
    MediaKind,
    {
      types: readonly string[];
      mostBytes: number;
      /** Characters of text beside the file; 0 when none. */ caption: number;
    }
  >
>;
/** What one of our own ends has of its own, as its connection says. */
export interface Account {
  /** Null serves every brand. */
  brand: string | null;
  /** Whether callers may be invited from it. */
  invites: boolean;
  /** Messages it may send in a second; null follows the channel's budget. */
  perSecond: number | null;
  /** The approved template that invites a caller; null where there are no templates. */
  inviteTemplate: string | null;
}

/** What other rooms ask instead of "is this WhatsApp?". Limits in characters unless said otherwise. */
export interface Abilities {
  /** How long free text may follow a customer's last message; null when always. Milliseconds. */
  freeTextWindowMs: number | null;
  /** How the business may write to somebody who has not written here yet. */
  writesFirst: "with-template" | "freely" | "never";
  buttons: { most: number; titleLength: number };
  list: { mostRows: number; titleLength: number; descriptionLength: number };
  textLength: number;
  /** True when an invite only brings a link: the talk goes on in another messenger. */
  invitesByLink?: boolean;
  showsTyping: boolean;
  /** Null when it carries no files. */
  media: MediaAbilities | null;
  /** True when a button can share the customer's own number. */
  asksPhone: boolean;
  /** True when the messenger says who does not want to hear from us. */
  tellsBlocks: boolean;
  /** Messages one account may send unless its connection says otherwise; `perCustomer` is one message per so many ms with a burst. */
  budget: { perSecond: number; perCustomer: { everyMs: number; burst: number } };
}

export interface Choice {
  /** Comes back when the customer taps. At most 200 bytes. */
  id: string;
  title: string;
  description?: string;
}

/** What a message carries. `text` in all of them is what a channel without the ability shows. */
export type OutboundContent =
  | { kind: "text"; text: string }
  | { kind: "buttons"; text: string; choices: Choice[] }
  | { kind: "list"; text: string; button: string; choices: Choice[] }
  /** With a button that shares the customer's own number. */
  | { kind: "ask-phone"; text: string; button: string }
  | {
      kind: "media";
      media: MediaKind;
      /** The caption; empty when there is none. */
      text: string;
      mediaId: MediaId;
      sha256: string;
      /** By its content. */
      type: string;
      size: number;
      fileName: string;
    }
  | {
      kind: "template";
      /** The message as the customer will read it, for our own screens. */
      text: string;
      name: string;
      locale: Locale;
      variables: string[];
      /** One per quick-reply button of the template, in its order. */
      payloads: string[];
    };

export interface OutboundMessage {
  /** Travels with the message and comes back in its statuses. */
  id: MessageId;
  to: Address;
  content: OutboundContent;
  /** The provider's id of the message this one answers. */
  replyTo?: string;
  /** Opens the file of a `media` message from its beginning; null when it is not kept any more. */
  openFile?: () => Promise<Readable | null>;
}

export type RefusalReason = "not-here" | "window-closed" | "opted-out" | "not-now" | "invalid" | "not-allowed";

export type SendOutcome =
  | {
      kind: "accepted";
      providerId: string;
      /** Where the provider really sent it. */
      address?: string;
      /** What acceptance alone proves; absent when only receipts do. */
      proves?: "sent";
    }
  | {
      kind: "refused";
      because: RefusalReason;
      code: string;
      words: string;
      /** Nothing may be sent to this customer from this account until they write again. */
      blocked?: true;
    }
  /** Not now: nothing has left. `alarm` when the whole account is affected and nobody should be offered it. */
  | { kind: "busy"; retryAfterMs: number; alarm?: string }
  /** The line broke after we spoke, so it may have gone out. Never resend on this unasked. */
  | { kind: "unclear"; words: string };

export type DeliveryStatus = "sent" | "delivered" | "read" | "failed";

export type InboundContent =
  | { kind: "text"; text: string }
  /** The customer opened the chat with us, perhaps by a link that carried a token of ours. */
  | { kind: "start"; token: string | null }
  /** The customer's own number; the provider vouches for it. */
  | { kind: "own-phone"; phone: PhoneNumber }
  /** A tap on a button or a list row; `id` is the `Choice.id` or template payload. */
  | { kind: "choice"; id: string; text: string }
  | {
      kind: "media";
      media: MediaKind;
      /** The provider's id of the file; never a URL from the webhook. */
      fileId: string;
      mimeType: string;
      caption: string;
      fileName?: string;
    }
  | { kind: "location"; latitude: number; longitude: number; text: string }
  | { kind: "contacts"; text: string; phones: string[] }
  | { kind: "reaction"; to: string; emoji: string }
  | { kind: "order"; text: string }
  /** Something this version cannot show; `what` names it for the operator. */
  | { kind: "unsupported"; what: string };

/**
 * One thing that happened at the provider. `lane` orders events of one customer, `dedupe` recognises a repeat; `order`,
 * when the provider counts, tells apart what has the same time.
 */
export type ChannelEvent = { account: string; lane: string; dedupe: string; at: Instant; order?: number } & (
  | {
      kind: "message";
      providerId: string;
      from: string;
      /** Other names of the same person that came along, e.g. the phone beside a BSUID. */
      alsoKnownAs: string[];
      phone: PhoneNumber | null;
      name: string | null;
      /** A language tag the provider knows the person by. */
      language?: string | null;
      content: InboundContent;
      /** The provider's id of our message this one answers. */
      repliesTo: string | null;
    }
  | {
      kind: "status";
      providerId: string;
      /** Our own id, echoed; null when the provider did not. */
      messageId: MessageId | null;
      status: DeliveryStatus;
      refusal: { because: RefusalReason; code: string; words: string } | null;
    }
  | { kind: "edited"; providerId: string; content: InboundContent }
  | { kind: "deleted"; providerId: string }
  | { kind: "address-changed"; from: string; to: string; phone: PhoneNumber | null }
  /** The customer does not want to hear from this account, or does again. */
  | { kind: "blocked"; from: string; blocked: boolean }
  | {
      kind: "template-changed";
      name: string;
      language: string;
      status: string;
      category: string | null;
      reason: string | null;
    }
  | { kind: "account-trouble"; code: string; words: string }
  /** Known to be of no use to us, or not known at all: counted, kept, shown to nobody. */
  | { kind: "ignored"; what: string }
);

/** How asking a provider for a customer's file ended. */
export type FetchOutcome =
  /** Read it to its end or destroy it. `sha256` is hexadecimal: what the provider says the content has. */
  | { kind: "file"; body: Readable; sha256: string | null }
  | { kind: "gone" }
  | { kind: "too-large" }
  /** This account is not one of ours any more. */
  | { kind: "not-connected" }
  | { kind: "refused"; words: string }
  | { kind: "busy"; retryAfterMs: number }
  | { kind: "unclear"; words: string };

/** The files customers send in a messenger. */
export interface ChannelMedia {
  /** Resolves with what the provider said, bad news included. Gives up when `signal` says so. */
  fetch(account: string, fileId: string, limits: { mostBytes: number; signal: AbortSignal }): Promise<FetchOutcome>;
}

/**
 * A messenger with all our accounts there; which they are may change at any time. A new one is a folder with this inside
 * and one line in `main.ts` (docs/chat.md).
 */
export interface Channel {
  readonly name: string;
  readonly abilities: Abilities;
  /** Absent when customers cannot send files here. */
  readonly media?: ChannelMedia;

  /** The accounts connected now. */
  accounts(): string[];

  /** What this account has of its own; null when it is not connected. */
  account(account: string): Account | null;

  /** True when the provider really sent this. Asked before anything in the body is believed. */
  isGenuine(webhook: Webhook): boolean;

  /** What the provider expects to hear when it is not genuine; 403 unless said otherwise. */
  readonly whenForged?: 401;

  /** Answers the provider's subscription handshake; null when the token is wrong. */
  greet(webhook: Pick<Webhook, "query" | "account">): string | null;

  /**
   * Pure. One webhook may carry many events; kinds we do not know, and news of accounts the signer does not own, come
   * back as `ignored`. Null: not JSON of ours at all.
   */
  read(webhook: Webhook): ChannelEvent[] | null;

  /** The address to write to for a phone number, before anything is known about it; null when nobody can be written to first. */
  addressFor(account: string, phone: PhoneNumber): Address | null;

  /** A link that opens a chat with us here and brings `token` along in the first message; null when there is none now. */
  link?(account: string, token: string): string | null;

  /**
   * Resolves with what the provider said, bad news included. Rejects only on our own bugs. From an account that is gone
   * nothing leaves: `not-allowed`.
   */
  send(message: OutboundMessage): Promise<SendOutcome>;

  /** Marks the customer's message as read and shows "typing…". Best effort: failures are swallowed and counted. */
  acknowledge(message: { account: string; providerId: string; typing: boolean }): Promise<void>;

  /** Told what was just stored, for courtesies that cannot wait, such as the spinner on a tapped button. Best effort. */
  stored?(events: ChannelEvent[]): void;

  /** What a tap brings back for a choice; absent where ids travel as they are. */
  keyOf?(choiceId: string): string;

  /**
   * Where nobody tells what became of a message: true when whoever did `act` has our message `ours` on the screen. Both
   * are ids of the provider, of one account. Absent where receipts come as events.
   */
  hasSeen?(act: string, ours: string): boolean;

  /** For accounts whose provider cannot call us. */
  pull?: Pull;

  close(): Promise<void>;
}

/** Asks the provider for news. One process does so for each account. */
export interface Pull {
  /** The accounts whose news have to be asked for. */
  accounts(): string[];
  /** Waits for news and hands them over; they count as taken only once `keep` has resolved. */
  next(account: string, keep: (events: ChannelEvent[]) => Promise<void>): Promise<void>;
}

/** Asks, without writing to anybody, whether a phone's owner can be reached. "unknown" is an ordinary answer. */
export interface ReachProbe {
  /** Whether it knows anything about this channel. */
  answersFor(channel: string): boolean;
  find(phone: PhoneNumber): Promise<"reachable" | "not-here" | "unknown">;
}
