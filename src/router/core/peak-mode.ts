import { between, type Instant, type Millis, minutes, seconds } from "#kit";

/** Whether a queue is at its peak, smoothed so that banners and the "only at peak" rule do not flap. */
export interface PeakMode {
  on: boolean;
  /** Since when it has been so. */
  since: Instant;
  smoothedSeconds: number;
  sampledAt: Instant;
}

/** Measured best of those tried: on above 45 s, off below 15 s, never changing twice within 3 minutes. */
const ON_ABOVE = 45;
const OFF_BELOW = 15;
const DWELL: Millis = minutes(3);
const SMOOTHING: Millis = seconds(60);
/** What an unbounded wait (nobody works) counts as. */
const LONG_SECONDS = 900;

/** A queue nobody has waited in yet. */
export const quiet = (at: Instant): PeakMode => ({ on: false, since: 0 as Instant, smoothedSeconds: 0, sampledAt: at });

/** Takes one sample of the wait a new caller would have. Pure; samples from the past change nothing. */
export function sample(mode: PeakMode, waitSeconds: number | null, at: Instant): PeakMode {
  const passed = between(mode.sampledAt, at);
  if (passed < 0) return mode;
  const weight = 1 - Math.exp((0 - passed) / SMOOTHING);
  const wait = Math.min(waitSeconds ?? LONG_SECONDS, LONG_SECONDS);
  const smoothedSeconds = mode.smoothedSeconds + weight * (wait - mode.smoothedSeconds);
  const wanted = mode.on ? smoothedSeconds >= OFF_BELOW : smoothedSeconds > ON_ABOVE;
  const may = between(mode.since, at) >= DWELL;
  if (wanted === mode.on || !may) return { ...mode, smoothedSeconds, sampledAt: at };
  return { on: wanted, since: at, smoothedSeconds, sampledAt: at };
}
