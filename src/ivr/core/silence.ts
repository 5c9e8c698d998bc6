import { between, earlier, hours, later, minutes, seconds, type Instant } from "#kit";

/** A waiting caller asks what to hear every twenty seconds or so; two who talk say nothing until they part. */
const WAITING = minutes(3);
const TALKING = hours(4);

/** A longer break between two looks means that we were away: then silence proves nothing. */
const BREAK = minutes(1);
/** Often enough never to look like a break. */
const LOOK_EVERY = seconds(30);

/** Since when we have been there to hear, and when we last knew that we were. */
export interface Listening {
  since: Instant;
  until: Instant;
}

/** Goes on listening; a break starts it anew. Pure. */
export const listenOn = (before: Listening | null, now: Instant): Listening => ({
  since: before !== null && between(before.until, now) <= BREAK ? before.since : now,
  until: now,
});

/** Calls last heard of at or before these times are taken for over; null while we have not listened long enough. */
export function silentBefore({ since, until }: Listening): { waiting: Instant; talking: Instant } | null {
  if (between(since, until) < WAITING) return null;
  return { waiting: earlier(until, WAITING), talking: earlier(until, TALKING) };
}

/** When the longest silence of each kind began; null when there is no such call. */
export interface Silences {
  waiting: Instant | null;
  talking: Instant | null;
}

/** When to look again: as soon as a call may be taken for over, and meanwhile often enough to know that we listened. */
export function nextLook({ waiting, talking }: Silences, { since, until }: Listening): Instant | null {
  const over = talking === null ? null : Math.max(later(talking, TALKING), until);
  if (waiting === null && (over === null || over > until)) return over as Instant | null;
  const dues = [later(until, LOOK_EVERY), later(since, WAITING)];
  if (waiting !== null) dues.push(later(waiting, WAITING));
  return Math.min(...dues.filter((at) => at > until)) as Instant;
}
