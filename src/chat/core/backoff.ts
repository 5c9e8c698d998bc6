import { later, millis, type Instant } from "#kit";

const LONGEST = 5 * 60_000;

/** When to try a busy provider again: when it says, doubled with every try, at most after five minutes. */
export function tryAgainAt(now: Instant, retryAfterMs: number, attempts: number): Instant {
  const factor = 2 ** Math.min(Math.max(0, attempts - 1), 8);
  return later(now, millis(Math.max(1, retryAfterMs, Math.min(LONGEST, retryAfterMs * factor))));
}
