import { later, minutes, type Instant, type Millis } from "#kit";
import type { LegEnd } from "#voice";

export interface RetryRules {
  /** How often one customer is dialled in vain before we give up. */
  tries: number;
  noAnswer: Millis;
  /** Also after any end that may be different a little later. */
  busy: Millis;
}

export type NextTry = { kind: "again"; at: Instant } | { kind: "not-reached"; because: "tries" | "number" };

/** Dials that were cut short by our side do not count as tries, but they do not go on for ever either. */
const DIALS_PER_TRY = 3;

/** When to dial a customer again: two hours after no answer, a quarter of an hour after busy; never a wrong number. */
export function nextTry(
  dial: { how: LegEnd; tries: number; dials: number; operatorGone: boolean },
  rules: RetryRules,
  at: Instant,
): NextTry {
  const { how, tries, dials, operatorGone } = dial;
  if (how === "invalid") return { kind: "not-reached", because: "number" };
  if (tries >= rules.tries || dials >= rules.tries * DIALS_PER_TRY) return { kind: "not-reached", because: "tries" };
  if (operatorGone) return { kind: "again", at };
  return { kind: "again", at: later(at, how === "no-answer" ? rules.noAnswer : rules.busy) };
}

const MOST_PATIENCE = minutes(30);

/** When to ask the provider again that did not dial: after a minute, then after ever longer pauses. */
export const afterTrouble = (troubles: number, at: Instant): Instant =>
  later(at, Math.min(MOST_PATIENCE, minutes(2 ** Math.min(troubles - 1, 10))) as Millis);
