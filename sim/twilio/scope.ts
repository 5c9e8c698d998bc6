import { millis } from "#kit";
import type { Clock } from "#kit";

/** What a call does until it is cut short. Everything a call waits for goes through its scope. */
export interface Scope<Why> {
  /** Why it was cut; null while it goes on. */
  readonly cut: Why | null;
  /** Starts work unless already cut; settles like it, or rejects with `Cut` as soon as the scope is cut. */
  run<T>(start: () => Promise<T>): Promise<T>;
  /** Waits by the clock. */
  wait(ms: number): Promise<void>;
  /** Waits until cut. */
  forever(): Promise<never>;
  /** A part of it that can be cut on its own and ends with the whole. */
  inner(): Scope<Why>;
  /** Cuts it; only the first reason counts. */
  end: (why: Why) => void;
}

/** Thrown where the work was, once its scope was cut. */
export class Cut<Why = unknown> extends Error {
  override readonly name = "Cut";
  readonly why: Why;

  constructor(why: Why) {
    super("cut short");
    this.why = why;
  }
}

export function createScope<Why>(clock: Clock, ended?: () => void): Scope<Why> {
  const stops = new Set<(why: Why) => void>();
  let cut: Why | null = null;

  const orCut = <T>(start: (resolve: (value: T) => void, reject: (error: unknown) => void) => () => void) =>
    new Promise<T>((resolve, reject) => {
      if (cut !== null) return reject(new Cut(cut));
      const stop = (why: Why) => {
        tidy();
        reject(new Cut(why));
      };
      const settle =
        <V>(pass: (value: V) => void) =>
        (value: V) => {
          stops.delete(stop);
          pass(value);
        };
      stops.add(stop);
      const tidy = start(settle(resolve), settle(reject));
    });

  const scope: Scope<Why> = {
    get cut() {
      return cut;
    },
    run: (start) =>
      orCut((resolve, reject) => {
        start().then(resolve, reject);
        return () => undefined;
      }),
    wait: (ms) => orCut<void>((resolve) => clock.after(millis(ms), () => resolve())),
    forever: () => orCut<never>(() => () => undefined),
    inner() {
      const inner: Scope<Why> = createScope<Why>(clock, () => stops.delete(inner.end));
      if (cut !== null) inner.end(cut);
      else stops.add(inner.end);
      return inner;
    },
    end(why) {
      if (cut !== null) return;
      cut = why;
      ended?.();
      const all = [...stops];
      stops.clear();
      for (const stop of all) stop(why);
    },
  };
  return scope;
}
