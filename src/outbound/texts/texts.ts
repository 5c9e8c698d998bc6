import type { LegEnd } from "#voice";

/** What an operator is told before a customer is dialled. */
interface Announced {
  /** Why: `chosen`, `queue-full`, `asked-in-chat`, … */
  reason: string;
  name: string | null;
  /** The last digits of the number. */
  digits: string;
  waitedMinutes: number;
  /** How often the customer was dialled in vain. */
  tries: number;
}

/** Everything that is said on the legs we make, in one language. */
export interface OutboundTexts {
  /** To the operator. */
  announce(callback: Announced): string;
  customerIsThere: string;
  /** How the dial ended; `gone` when the callback is not needed any more. */
  ended: Record<LegEnd | "refused" | "unclear" | "gone", string>;
  /** To the customer; `company` is empty when its name is not known. */
  hello(company: string): string;
  /** Picked up, and nobody is there. */
  nobodyThere: string;
  goodbye: string;
}
