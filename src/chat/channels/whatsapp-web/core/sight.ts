import { between, minutes, unreachable, type Instant } from "#kit";

/**
 * Whether "nobody there" can be believed. The server answers an account it distrusts as if nobody were registered, so
 * an empty answer counts only while a number that is surely registered (a canary) is still seen.
 *
 *     unproven ─ canary seen ─▶ clear ─ canary empty ─▶ blind ─ canary seen ─▶ clear
 */
export type Sight =
  | { at: "unproven" }
  | { at: "clear"; provenAt: Instant; emptyInARow: number; used: boolean }
  | { at: "blind"; since: Instant; triedAt: Instant };

export const unproven: Sight = { at: "unproven" };

const PROOF_LASTS = minutes(5);
const BLIND_LOOK = minutes(1);
/** So many empty answers in a row are odd enough to ask the canary. */
const STREAK = 5;

/** True while an empty answer means "not registered". */
export const isTrusted = (sight: Sight, now: Instant): boolean =>
  sight.at === "clear" && sight.emptyInARow < STREAK && between(sight.provenAt, now) < PROOF_LASTS;

/** What an answer about a customer's number says about our sight. */
export function sawCustomer(sight: Sight, registered: boolean): Sight {
  if (sight.at !== "clear") return sight;
  return { ...sight, used: true, emptyInARow: registered ? 0 : sight.emptyInARow + 1 };
}

/** What an answer about a canary says about it. */
export function sawCanary(sight: Sight, registered: boolean, now: Instant): Sight {
  if (registered) return { at: "clear", provenAt: now, emptyInARow: 0, used: false };
  return { at: "blind", since: sight.at === "blind" ? sight.since : now, triedAt: now };
}

/** When a canary should be asked without a customer waiting for it; null while nobody has used the last proof. */
export function canaryDueAt(sight: Sight, now: Instant): Instant | null {
  switch (sight.at) {
    case "unproven":
      return now;
    case "clear":
      if (!sight.used) return null;
      return sight.emptyInARow >= STREAK ? now : ((sight.provenAt + PROOF_LASTS) as Instant);
    case "blind":
      return (sight.triedAt + BLIND_LOOK) as Instant;
    default:
      return unreachable(sight);
  }
}
