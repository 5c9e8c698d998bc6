import type { Instant } from "#kit";

/** Whether a promised time will be missed: it is over, or the phone will probably ring after it. Pure. */
export const willSlip = (promisedAt: Instant, expectedAt: Instant | null, now: Instant): boolean =>
  promisedAt <= now || (expectedAt !== null && expectedAt > promisedAt);
