import type { CallId, ContactId, ConversationId, Instant, JsonObject, Locale, PhoneNumber } from "#kit";
import type { Mode } from "./core/deflection.ts";
import type { CallerKind } from "./core/offer.ts";

/** A waiting caller as the router sees one. */
export interface Caller {
  callId: CallId;
  queue: string;
  locale: Locale;
  phone: PhoneNumber | null;
  kind: CallerKind;
  /** First time in the queue: the place is counted from here. */
  enqueuedAt: Instant;
}

/** A caller who might be offered a messenger, with what is known about the moment. */
export interface Offerable {
  caller: Caller;
  /** As stored with the queue. */
  rules: JsonObject;
  /** As stored by the peak sampler; null before its first sample. */
  peak: JsonObject | null;
  waitSeconds: number | null;
  place: number;
  /** What an earlier decision of this call found; null at its first. */
  wasAbove: boolean | null;
}

/** Pressed or said yes. */
export interface Acceptance {
  mode: Mode;
  /** A number the caller keyed in and confirmed; null means the one said yes to before in this call, else the caller's own. */
  phone: PhoneNumber | null;
  /** The key, or `speech`. */
  by: string;
  /** Version of the words that were answered. */
  wording: string;
}

export type Refusal = "refused" | "silent" | "no-number";

/** A place in the voice queue to keep without a live call. */
export interface CallbackWish {
  callId: CallId | null;
  contactId: ContactId | null;
  /** Where the customer can be told that it takes longer. */
  conversationId?: ConversationId | null;
  queue: string;
  phone: PhoneNumber;
  enqueuedAt: Instant;
  reason: string;
}
