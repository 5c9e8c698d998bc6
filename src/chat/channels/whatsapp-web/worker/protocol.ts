import type { ChannelEvent, SendOutcome } from "../../../channel.ts";
import type { Outcome } from "../core/answer.ts";

/** How the library is to be started. */
export interface Start {
  /** Where WhatsApp Web answers, and the key that vouches for it; null for WhatsApp's own. */
  url: string;
  rootKey: string | null;
  /** The number of the account, digits: events are reported under it. */
  account: string;
  /** What is kept of an earlier link; null begins with new keys. */
  credentials: string | null;
  /** Asks for a pairing code for this account instead of showing a picture. */
  byCode: boolean;
}

/** One value of the library's key store; null deletes it. */
export interface KeyEntry {
  type: string;
  id: string;
  value: string | null;
}

/** What the thread that runs the library can be asked. */
export interface Worker {
  /** One number, digits. */
  lookUp(number: string): Promise<Outcome>;
  send(message: Outgoing): Promise<SendOutcome>;
  acknowledge(read: { chat: string; message: string; typing: boolean }): Promise<void>;
  /** Tells the server to forget this link. */
  unlink(): Promise<void>;
}

/** A text to one person; `id` becomes the message's name at WhatsApp. */
export interface Outgoing {
  id: string;
  to: string;
  text: string;
}

/** What the thread asks and tells in turn. It has neither the database nor the key that seals its own keys. */
export interface Host {
  readKeys(type: string, ids: string[]): Promise<KeyEntry[]>;
  writeKeys(entries: KeyEntry[]): Promise<void>;
  writeCredentials(credentials: string): Promise<void>;
  shown(what: { kind: "qr" | "code"; text: string; forMs: number }): Promise<void>;
  opened(me: { number: string }): Promise<void>;
  /** The last thing that is told. `paired` when the account is linked for good. */
  closed(how: { code: number; paired: boolean }): Promise<void>;
  heard(events: ChannelEvent[]): Promise<void>;
}
