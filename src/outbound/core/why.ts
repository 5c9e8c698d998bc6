import type { Instant } from "#kit";
import type { Callback } from "./callback.ts";

/** What is known about one callback of a list. */
export interface Listed {
  /** Null while nobody has touched it. */
  state: Callback | null;
  status: string;
  place: number | null;
  /** The customer is on the phone with us. */
  live: boolean;
  /** The queue's rules; null when it has none. */
  calling: { isOpen: boolean; opensAt: Instant | null; rings: boolean } | null;
}

/** Why a callback is where it is, and when that changes by itself. Pure. */
export interface Why {
  because:
    | "next"
    | "in-line"
    | "outside-hours"
    | "customer-on-the-line"
    | "retry"
    | "operator-ringing"
    | "dialling"
    | "talking"
    | "over";
  at: Instant | null;
}

/** Answers in words that a screen can translate. */
export function whyNext({ state, status, place, live, calling }: Listed): Why {
  switch (status) {
    case "waiting":
      if (calling && !calling.isOpen) return { because: "outside-hours", at: calling.opensAt };
      if (live) return { because: "customer-on-the-line", at: null };
      return { because: place === 1 ? "next" : "in-line", at: null };
    case "retry":
      return { because: "retry", at: state?.at === "retry" ? state.from : null };
    case "operator-ringing":
    case "dialling":
    case "talking":
      return { because: status, at: null };
    default:
      return { because: "over", at: null };
  }
}
