import type { Guess, HandOffReason, Intent } from "../turn.ts";

/** What the bot will do about a burst. */
export type Plan = { guesses: Guess[] } & (
  | { do: "answer"; intent: Intent }
  | { do: "look-up-order"; number: string | null }
  /** "Did you mean": best first, at most three. */
  | { do: "offer"; intents: Intent[] }
  | { do: "rephrase"; rejected: string | null }
  | { do: "ask-for-words" }
  | { do: "greet" }
  | { do: "say-robot" }
  | { do: "finish"; intent: Intent | null }
  | { do: "call-back"; intent: Intent | null }
  | { do: "hand-over"; because: HandOffReason }
);
