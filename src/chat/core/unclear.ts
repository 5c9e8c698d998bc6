import { between, hours, type Instant } from "#kit";

/** What made the fate of a send unknown: the line broke, or the program that was sending ended. */
export type Loss = "line-broke" | "program-ended";

/** How often a message was sent again, by what had made its fate unknown. */
export type Repeats = Record<Loss, number>;

export const NO_REPEATS: Repeats = { "line-broke": 0, "program-ended": 0 };

/** A send that stayed unclear although receipts had all the time they need. */
export interface UnclearSend {
  author: string;
  purpose: string | null;
  /** When it was written. */
  at: Instant;
  loss: Loss;
  repeats: Repeats;
}

export type Settlement =
  | { do: "repeat"; repeats: Repeats }
  /** The customer may wait for an answer that never came: a person looks. */
  | { do: "hand-over" }
  /** Somebody's own words: whoever said them decides. */
  | { do: "leave" };

/**
 * A line that breaks again may break after the message has left, every time. That our own program ended says nothing
 * about the messenger, so it must not cost the customer the answer.
 */
const MOST_REPEATS: Repeats = { "line-broke": 1, "program-ended": 5 };

/** Half of the 24 hours in which free text may follow: the other half is for the person who takes over. */
const STALE_AFTER = hours(12);

/** Pure. What follows when nobody will say any more whether a message has left. */
export function settleUnclear(send: UnclearSend, now: Instant): Settlement {
  const { loss, repeats } = send;
  if (!isRobots(send)) return { do: "leave" };
  if (repeats[loss] >= MOST_REPEATS[loss] || between(send.at, now) >= STALE_AFTER) return { do: "hand-over" };
  return { do: "repeat", repeats: { ...repeats, [loss]: repeats[loss] + 1 } };
}

/** A robot's text twice is a small nuisance; a person's words or an invite twice are not ours to risk. */
const isRobots = ({ author, purpose }: UnclearSend): boolean =>
  (author === "bot" || author === "system") && purpose !== "invite";
