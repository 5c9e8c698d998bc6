import { between, instant, later, millis, minutes, seconds, type Instant, type Millis } from "#kit";

/** Sign-ins that failed for one account or from one address. */
export interface Failures {
  count: number;
  lastAt: Instant;
}

/** How soon somebody may try again. */
export interface Limit {
  /** Failures before anybody has to wait. */
  free: number;
  longest: Millis;
}

const FIRST_DELAY = seconds(2);
const FORGOTTEN_AFTER = minutes(60);

/** An account's delay stays short, so that a stranger's guesses cannot keep its owner out for long. */
export const ACCOUNT_LIMIT: Limit = { free: 5, longest: minutes(1) };
/** An address is slowed for longer; sign-ins that succeed do not count against it. */
export const ADDRESS_LIMIT: Limit = { free: 5, longest: minutes(15) };

/** From when the next try is allowed: at once for the first few, then after a delay that doubles with each failure. */
export function nextTryAt(failures: Failures | undefined, limit: Limit): Instant {
  if (!failures || failures.count < limit.free) return instant(0);
  const delay = FIRST_DELAY * 2 ** Math.min(failures.count - limit.free, 20);
  return later(failures.lastAt, millis(Math.min(delay, limit.longest)));
}

/** One more failure; old ones are forgotten after an hour of quiet. */
export function fail(failures: Failures | undefined, now: Instant): Failures {
  const count = failures && between(failures.lastAt, now) < FORGOTTEN_AFTER ? failures.count + 1 : 1;
  return { count, lastAt: now };
}
