import type { Json, Locale, PhoneNumber } from "#kit";

/** One burst of a customer's messages and what the bot may know about the person. */
export interface BotInput {
  /** The burst in order, already text: captions, button titles, transcripts. Empty when only media came. */
  texts: string[];
  /** The id of the last button or list row tapped in this burst, if any. */
  choice: string | null;
  /** True when something in the burst was not text and not a tap. */
  hasMedia: boolean;
  locale: Locale;
  /** Where "today before 14:00" is meant; the bot's own place when left out. */
  timeZone?: string;
  /** The customer's own verified number; null when hidden or unknown. */
  phone: PhoneNumber | null;
  /** True when the messenger has a button that shares the number: an unknown one is no reason to give up a call. */
  asksPhone?: boolean;
  /** What the last turn of this conversation asked to be given back; null at the start. */
  memory: Json;
}

export interface BotChoice {
  id: string;
  title: string;
}

export interface Guess {
  intent: string;
  /** 0 to 1. */
  confidence: number;
}

/** The bot's whole reaction to a burst: exactly one message, and perhaps a hand-off after it. */
export interface Turn {
  /** The language it is in: the customer's own, when it shows. */
  language: Locale;
  /** What to say; empty when the hand-off line of the chat says it all. */
  text: string;
  /** At most three; titles of at most 20 characters. */
  choices: BotChoice[];
  /** Given back with the next burst. */
  memory: Json;
  /** The best guesses, best first, at most three: shown to operators and kept in the event log. */
  guesses: Guess[];
  /** Whether and why a person should go on. */
  handOff: null | { because: HandOffReason };
  /** True when the customer says that is all. */
  finished: boolean;
  /** True when the customer asks to be phoned: back into the voice queue. */
  callMe: boolean;
}

export type HandOffReason =
  | "asked-for-person"
  | "low-confidence"
  | "repeated-miss"
  | "complaint"
  | "media-only"
  | "crm-unavailable"
  | "bot-failed";

export interface Bot {
  /** Answers one burst. Rejects only on our own bugs; the chat then hands over. */
  answer(input: BotInput): Promise<Turn>;
  /** Takes edited knowledge into use at once. */
  reload(): Promise<void>;
}

/** One thing customers ask about. `action` names a built-in that asks the CRM instead of quoting `answers`. */
export interface Intent {
  code: string;
  action: null | "order-status" | "ask-for-person" | "call-me" | "thanks" | "greeting";
  examples: Record<Locale, string[]>;
  answers: Record<Locale, string>;
}

/** Where the bot's FAQ lives. */
export interface Knowledge {
  intents(): Promise<Intent[]>;
}
