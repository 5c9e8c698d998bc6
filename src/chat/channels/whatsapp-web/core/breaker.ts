import { between, later, minutes, seconds, unreachable, type Instant, type Millis } from "#kit";

/**
 * Whether it makes sense to ask at all.
 *
 *     closed ─ too many failures ─▶ open ─ its time is over ─▶ trying ─ answered ─▶ closed
 *                                    ▲                           │
 *                                    └──────── failed, longer ◀──┘
 */
export type Breaker =
  | { at: "closed"; recent: Try[] }
  | { at: "open"; until: Instant; times: number }
  /** One question is under way that decides. */
  | { at: "trying"; since: Instant; times: number };

interface Try {
  at: Instant;
  failed: boolean;
}

/** How a question ended, as far as the line is concerned. `limited`: the server asks to be left alone. */
export type Ending = "answered" | "failed" | "limited";

export const closed: Breaker = { at: "closed", recent: [] };

const WINDOW = minutes(2);
const MOST_REMEMBERED = 20;
const FEWEST = 4;
const FAILING_SHARE = 0.5;
const OPEN_FIRST = seconds(30);
const OPEN_LIMITED = minutes(5);
const OPEN_MOST = minutes(30);
/** A trial whose process died does not keep the breaker shut for ever. */
const TRIAL_LOST = seconds(30);

/** The breaker with this question under way; null when it must not be asked. */
export function admit(breaker: Breaker, now: Instant): Breaker | null {
  switch (breaker.at) {
    case "closed":
      return breaker;
    case "open":
      return now >= breaker.until ? { at: "trying", since: now, times: breaker.times } : null;
    case "trying":
      return between(breaker.since, now) >= TRIAL_LOST ? { ...breaker, since: now } : null;
    default:
      return unreachable(breaker);
  }
}

/** The breaker after a question that was admitted. An answer to an older question does not close what has opened since. */
export function settle(breaker: Breaker, ending: Ending, now: Instant): Breaker {
  switch (breaker.at) {
    case "closed":
      return afterTry(breaker.recent, ending, now);
    case "trying":
      return ending === "answered" ? closed : open(now, breaker.times + 1, ending);
    case "open":
      return breaker;
    default:
      return unreachable(breaker);
  }
}

function afterTry(before: Try[], ending: Ending, now: Instant): Breaker {
  const fresh = before.filter(({ at }) => between(at, now) < WINDOW);
  const recent = [...fresh, { at: now, failed: ending !== "answered" }].slice(-MOST_REMEMBERED);
  const failures = recent.filter(({ failed }) => failed).length;
  const isFailing = recent.length >= FEWEST && failures / recent.length >= FAILING_SHARE;
  return ending === "limited" || isFailing ? open(now, 1, ending) : { at: "closed", recent };
}

function open(now: Instant, times: number, ending: Ending): Breaker {
  const first = ending === "limited" ? OPEN_LIMITED : OPEN_FIRST;
  const pause = Math.min(OPEN_MOST, first * 2 ** (times - 1)) as Millis;
  return { at: "open", until: later(now, pause), times };
}
