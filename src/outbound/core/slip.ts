import type { Instant } from "#kit";

/** Whether a promised time will be missed: it is over, or even the earliest ring is after it. Pure. */
export const willSlip = (promisedAt: Instant, earliestAt: Instant | null, now: Instant): boolean =>
  promisedAt <= now || (earliestAt !== null && earliestAt > promisedAt);
