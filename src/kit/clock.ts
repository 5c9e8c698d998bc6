/** Milliseconds since the Unix epoch, UTC. */
export type Instant = number & { readonly __brand: "Instant" };

/** A length of time in milliseconds. */
export type Millis = number & { readonly __brand: "Millis" };

export const instant = (ms: number): Instant => ms as Instant;
export const millis = (ms: number): Millis => ms as Millis;
export const seconds = (n: number): Millis => millis(n * 1000);
export const minutes = (n: number): Millis => seconds(n * 60);
export const hours = (n: number): Millis => minutes(n * 60);
export const days = (n: number): Millis => hours(n * 24);

export const later = (at: Instant, by: Millis): Instant => instant(at + by);
export const earlier = (at: Instant, by: Millis): Instant => instant(at - by);
export const between = (from: Instant, to: Instant): Millis => millis(to - from);

/** Stops a timer that has not fired yet; harmless afterwards. */
export type Cancel = () => void;

/** The only source of time outside `core` folders, so that tests can set it. */
export interface Clock {
  now(): Instant;
  /** Runs once after `wait`. The timer does not keep the process alive. */
  after(wait: Millis, run: () => void): Cancel;
}

export const systemClock: Clock = {
  now: () => instant(Date.now()),
  after(wait, run) {
    const timer = setTimeout(run, wait);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** A clock that stands still until told to move; timers fire in the order of their time. */
export interface SettableClock extends Clock {
  /** When the nearest timer is due, or null when none waits. */
  nextTimerAt(): Instant | null;
  /** Moves to `to`, firing every timer that falls due on the way. Never moves back. */
  moveTo(to: Instant): void;
}

export function createSettableClock(start: Instant): SettableClock {
  let now = start;
  const timers = new Map<object, { at: Instant; run: () => void }>();

  const earliest = () => {
    let first: { key: object; at: Instant; run: () => void } | null = null;
    for (const [key, timer] of timers) {
      if (!first || timer.at < first.at) first = { key, ...timer };
    }
    return first;
  };

  return {
    now: () => now,
    after(wait, run) {
      const key = {};
      timers.set(key, { at: later(now, millis(Math.ceil(wait))), run });
      return () => timers.delete(key);
    },
    nextTimerAt: () => earliest()?.at ?? null,
    moveTo(to) {
      for (let next = earliest(); next && next.at <= to; next = earliest()) {
        timers.delete(next.key);
        now = instant(Math.max(now, next.at));
        next.run();
      }
      now = instant(Math.max(now, to));
    },
  };
}
