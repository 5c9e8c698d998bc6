import { seconds, type Clock, type Millis } from "#kit";
import { DatabaseGone } from "#db";

/** What is written down about a request: kinds and ids, nothing of the caller. */
export interface VoiceLog {
  warn(fields: object, words: string): void;
  error(fields: object, words: string): void;
}

/** A waiting caller hears silence meanwhile, and Twilio gives up after 3 s (addresses.ts). */
export const ANSWER_WITHIN = seconds(2.5);
/** Nobody listens: better soon a "not now", which Twilio repeats. */
export const NOTE_WITHIN = seconds(2);

export type Outcome<T> =
  | { kind: "done"; value: T }
  | { kind: "failed"; because: "database-gone" | "too-slow" | "error" };

export interface Attempt<T> {
  /** The kind of request, for the log. */
  kind: string;
  call: string;
  within: Millis;
  run: () => Promise<T>;
}

/** Runs with a deadline. Never rejects: the failure is written down and told as an outcome. */
export async function attempt<T>(
  { kind, call, within, run }: Attempt<T>,
  { clock, log }: { clock: Clock; log: VoiceLog },
): Promise<Outcome<T>> {
  const fail = (because: "database-gone" | "too-slow" | "error", error?: unknown): Outcome<T> => {
    log.error({ kind, call, because, ...(error !== undefined && { err: error }) }, "A telephone webhook failed.");
    return { kind: "failed", because };
  };
  const late = Promise.withResolvers<Outcome<T>>();
  const cancel = clock.after(within, () => late.resolve(fail("too-slow")));
  const work = async (): Promise<Outcome<T>> => {
    try {
      return { kind: "done", value: await run() };
    } catch (error) {
      return fail(error instanceof DatabaseGone ? "database-gone" : "error", error);
    } finally {
      cancel();
    }
  };
  return await Promise.race([work(), late.promise]);
}
