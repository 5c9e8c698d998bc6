import type { Instant } from "#kit";
import type { LegEnd } from "#voice";
import type { Callback, CancelReason, Memory } from "./callback.ts";
import { nextTry, type RetryRules } from "./retry.ts";

/** Where a customer's leg that is over leaves the callback. Whoever was let down by our side is next in line at once. */
export function conclude(
  memory: Memory,
  leg: { how: LegEnd; operatorGone: boolean; stop: CancelReason | null },
  at: Instant,
  rules: RetryRules,
): Callback {
  const { how, stop } = leg;
  const operatorGone = leg.operatorGone && how !== "busy";
  const tries = operatorGone ? memory.tries : memory.tries + 1;
  const after: Memory = { ...memory, doubt: null, troubles: 0, tries, last: { dial: memory.dials, how, at } };
  if (stop) return { ...after, at: "cancelled", because: stop };
  const next = nextTry({ how, tries, dials: memory.dials, operatorGone }, rules, at);
  if (next.kind === "not-reached") return { ...after, at: "not-reached", because: next.because };
  return next.at <= at ? { ...after, at: "waiting" } : { ...after, at: "retry", from: next.at };
}
