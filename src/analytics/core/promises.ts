import type { Instant } from "#kit";

/** What the log tells about one callback. */
export interface CallbackFacts {
  asked: boolean;
  /** Until when the customer's phone was to ring, as first promised; null when no time was. */
  promisedAt: Instant | null;
  /** The last promise after that, when it slipped. */
  nextAt: Instant | null;
  /** The customer was told of every slip. */
  toldOfSlips: boolean;
  slips: number;
  /** When the customer's phone first rang. */
  rangAt: Instant | null;
  connected: boolean;
  /** `done`, `not-reached` or `cancelled`; null while it is open. */
  end: string | null;
}

/** What became of a promised time. */
type Kept = "kept" | "announced_again" | "missed" | "called_off" | "open";

export interface CallbackReport {
  callbacks: number;
  asked: number;
  owed: number;
  connected: number;
  not_reached: number;
  cancelled: number;
  open: number;
  /** Those to whom a time was promised, by what became of it. */
  promised: number;
  promises: Record<Kept, number>;
}

/** Counts callbacks and the promises that were kept. Pure. */
export function reportOf(callbacks: CallbackFacts[], now: Instant): CallbackReport {
  const count = (which: (one: CallbackFacts) => boolean) => callbacks.filter(which).length;
  const promised = callbacks.filter(({ promisedAt }) => promisedAt !== null);
  const outcomes = promised.map((one) => keptOf(one, now));
  const how = (kept: Kept) => outcomes.filter((outcome) => outcome === kept).length;
  return {
    callbacks: callbacks.length,
    asked: count(({ asked }) => asked),
    owed: count(({ asked }) => !asked),
    connected: count(({ connected }) => connected),
    not_reached: count(({ end }) => end === "not-reached"),
    cancelled: count(({ end }) => end === "cancelled"),
    open: count(({ end }) => end === null),
    promised: promised.length,
    promises: {
      kept: how("kept"),
      announced_again: how("announced_again"),
      missed: how("missed"),
      called_off: how("called_off"),
      open: how("open"),
    },
  };
}

/** The first promise counts; a later one only when the customer was told of it. */
function keptOf({ promisedAt, nextAt, toldOfSlips, slips, rangAt, end }: CallbackFacts, now: Instant): Kept {
  const until = promisedAt!;
  const again = slips > 0 && toldOfSlips ? nextAt : null;
  if (rangAt !== null) {
    if (rangAt <= until) return "kept";
    return again !== null && rangAt <= again ? "announced_again" : "missed";
  }
  if (end === "cancelled" && now <= (again ?? until)) return "called_off";
  if (end === null && now <= (again ?? until)) return "open";
  return end === "cancelled" ? "called_off" : "missed";
}
