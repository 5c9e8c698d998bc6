/** What the estimate is made of. Seconds throughout: these are rates, not moments. */
export interface QueueFacts {
  /** Callers and promised callbacks that come before. */
  ahead: number;
  /** Operators signed in and not on a break. */
  operators: number;
  /** Mean length of a conversation, wrap-up included. */
  handleSeconds: number;
  /** How fast one waiting caller gives up, per second. */
  impatience: number;
}

export interface WaitEstimate {
  /** Null when nobody works: the wait has no bound then. */
  seconds: number | null;
  sigmaSeconds: number | null;
  /** What may be announced, in whole minutes; null when nothing should be said. */
  range: { fromMinutes: number; toMinutes: number } | null;
  /** Two published formulas on the same facts, kept beside ours to compare. */
  baselines: { queueTimesHandling: number | null; ccai: number | null };
}

/** Longer waits are not announced. */
const MOST_MINUTES = 15;
const CCAI_EXTRA_SECONDS = 10;

/**
 * The wait of a caller who finds `ahead` others: Σ i=0..ahead of 1 / (s/AHT + i·θ), since those ahead are served at s/AHT
 * and give up at θ each (Whitt 1999; docs/router.md has the accuracy against the baselines).
 */
export function expectedWait(facts: QueueFacts): WaitEstimate {
  const { ahead, operators, handleSeconds, impatience } = facts;
  if (operators <= 0 || handleSeconds <= 0)
    return { seconds: null, sigmaSeconds: null, range: null, baselines: { queueTimesHandling: null, ccai: null } };

  let seconds = 0;
  let variance = 0;
  for (let i = 0; i <= ahead; i++) {
    const term = 1 / (operators / handleSeconds + i * impatience);
    seconds += term;
    variance += term * term;
  }
  const sigmaSeconds = Math.sqrt(variance);
  const baselines = {
    queueTimesHandling: (ahead * handleSeconds) / operators,
    ccai: (handleSeconds / operators) * ahead + CCAI_EXTRA_SECONDS,
  };
  return { seconds, sigmaSeconds, range: announced(seconds, sigmaSeconds), baselines };
}

function announced(seconds: number, sigma: number): WaitEstimate["range"] {
  const fromMinutes = Math.max(1, Math.ceil((seconds - 0.5 * sigma) / 60));
  const toMinutes = Math.max(1, Math.ceil((seconds + sigma) / 60));
  return toMinutes > MOST_MINUTES ? null : { fromMinutes, toMinutes };
}

/** How fast callers give up, learned from the last hour; starts at one in two minutes. */
export const learnedImpatience = (lastHour: { abandons: number; waitedSeconds: number }): number =>
  (lastHour.abandons + 3) / (lastHour.waitedSeconds + 3 * 120);

interface Talks {
  count: number;
  meanSeconds: number;
}

const DAY_WEIGHT = 5;

/** Mean talk of the last hour, pulled towards the day's mean while the hour has few talks. */
export function handlingTime(lastHour: Talks, day: Talks, fallbackSeconds: number): number {
  const prior = day.count > 0 ? day.meanSeconds : fallbackSeconds;
  return (lastHour.count * lastHour.meanSeconds + DAY_WEIGHT * prior) / (lastHour.count + DAY_WEIGHT);
}
