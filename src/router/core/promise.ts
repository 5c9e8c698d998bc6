import type { CallTime } from "#chat";
import { nextOpening, timeOfDay, type Schedule } from "#company";
import { hours, later, minutes, seconds, type Instant } from "#kit";

/** What is known when somebody asks to be called. */
export interface PromiseFacts {
  /** Expected at the customer's own place; null has no bound. */
  waitSeconds: number | null;
  sigmaSeconds: number | null;
  /** When calls are made. */
  schedule: Schedule;
}

export interface Promised {
  time: CallTime;
  /** Until when the phone is to ring; null when nothing was promised. */
  at: Instant | null;
  /** Before this it will hardly ring; null when nothing can be foreseen. */
  earliestAt: Instant | null;
}

/** From the operator's ringing phone to the customer's. */
const TO_RING_SECONDS = 60;
/** Sooner than this nobody is promised to be called. */
const LEAST_MINUTES = 5;
/** Further ahead nothing can be foreseen. */
const MOST_MINUTES = 240;
/** Whoever waits for the morning is called in its first hour. */
const OPENING_HOUR = hours(1);

/** What may be promised about the time of a callback. Pure. */
export function promiseOf({ waitSeconds, sigmaSeconds, schedule }: PromiseFacts, now: Instant): Promised {
  const servedAt = later(now, seconds(waitSeconds ?? 0));
  const opensAt = nextOpening(schedule, servedAt);
  if (opensAt === null) return IN_TURN;
  if (opensAt > servedAt) return atOpening(opensAt, schedule.timeZone);
  return waitSeconds === null ? IN_TURN : within(waitSeconds, sigmaSeconds ?? 0, now);
}

const IN_TURN: Promised = { time: { kind: "in-turn" }, at: null, earliestAt: null };

function atOpening(opensAt: Instant, timeZone: string): Promised {
  const until = later(opensAt, OPENING_HOUR);
  const [from, to] = [opensAt, until].map((at) => timeOfDay(at, timeZone)) as [string, string];
  return { time: { kind: "between", from, until: to }, at: until, earliestAt: opensAt };
}

/** Whole steps that people use: one minute, five, a quarter of an hour. */
function within(wait: number, sigma: number, now: Instant): Promised {
  const high = Math.max(LEAST_MINUTES, (wait + sigma + TO_RING_SECONDS) / 60);
  if (high > MOST_MINUTES) return IN_TURN;
  const step = high <= 10 ? 1 : high <= 60 ? 5 : 15;
  const toMinutes = Math.ceil(high / step) * step;
  const low = Math.max(0, wait - 0.5 * sigma);
  const fromMinutes = Math.min(Math.max(1, Math.floor(low / 60 / step) * step), toMinutes - step);
  return {
    time: { kind: "within", fromMinutes, toMinutes },
    at: later(now, minutes(toMinutes)),
    earliestAt: later(now, seconds(low)),
  };
}
