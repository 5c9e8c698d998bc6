import type { Locale } from "#kit";

/** What the bot keeps of one conversation between turns. */
export type Memory = {
  /** The language of the last answer; a tap has none of its own. */
  language: Locale | null;
  /** Questions the customer got instead of an answer since the last answer. */
  misses: number;
  /** What the bot's last message asked for. */
  waiting: "helped" | "which" | "words" | "order-number" | null;
  /** Codes of the intents last shown as buttons. */
  offered: string[];
  /** The intent answered last, to know what a "no" is about. */
  answered: string | null;
  /** The answer the customer found no help; not to be given again. */
  rejected: string | null;
  greeted: boolean;
  /** Orders asked about that belong to somebody else's number. */
  strangers: number;
};
