import { between, days, minutes, type Instant, type Millis } from "#kit";

/** Questions that may still be asked, refilled evenly as time passes. */
export interface Bucket {
  left: number;
  at: Instant;
}

/** Two buckets: one against bursts, one against a day of too many questions. */
export interface Budget {
  minute: Bucket;
  day: Bucket;
}

export interface BudgetLimits {
  perMinute: number;
  perDay: number;
}

export const fullBudget = (limits: BudgetLimits, now: Instant): Budget => ({
  minute: { left: limits.perMinute, at: now },
  day: { left: limits.perDay, at: now },
});

/** Takes one question out of both buckets; null when one of them is empty. */
export function spend(budget: Budget, now: Instant, limits: BudgetLimits): Budget | null {
  const { minute, day } = refilled(budget, now, limits);
  if (minute.left < 1 || day.left < 1) return null;
  return { minute: { ...minute, left: minute.left - 1 }, day: { ...day, left: day.left - 1 } };
}

/** Both buckets as they are at this moment. */
export const refilled = (budget: Budget, now: Instant, limits: BudgetLimits): Budget => ({
  minute: refill(budget.minute, now, limits.perMinute, minutes(1)),
  day: refill(budget.day, now, limits.perDay, days(1)),
});

/** A clock that went back refills nothing, and a bucket holds no more than its limit, also after that was lowered. */
function refill({ left, at }: Bucket, now: Instant, most: number, span: Millis): Bucket {
  if (now <= at) return { left: Math.min(left, most), at };
  return { left: Math.min(most, left + (between(at, now) / span) * most), at: now };
}
