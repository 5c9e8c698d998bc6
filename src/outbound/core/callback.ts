import type { Instant } from "#kit";
import type { LegEnd } from "#voice";

/**
 * The life of one promised callback. It holds a place in the line all the while.
 *
 *     waiting ─ a line rings ─▶ operator-ringing ─ picked up ─▶ dialling ─ joined ─▶ talking ─▶ done
 *      ▲   ▲                           │                          │   │
 *      │   └───── nobody picked up ────┘                          │   └─ tried often enough, no such number ─▶ not-reached
 *      └─ in time ─ retry ◀─ no answer, busy, doubt whether it rang
 *
 *     from anywhere before talking: cancelled
 *
 * The customer's phone is rung only while an operator is on the line, and never while the fate of an earlier dial is
 * unknown: a doubtful one is looked up first. Whoever is not `done`, `not-reached` or `cancelled` is either in line or
 * has a time at which things go on, so nobody is forgotten.
 */
export type Callback = Memory &
  (
    | { at: "waiting" }
    | { at: "retry"; from: Instant }
    | { at: "operator-ringing"; leg: string; until: Instant }
    | Dialling
    | { at: "talking"; leg: string; until: Instant }
    | { at: "done" }
    | { at: "not-reached"; because: "tries" | "number" }
    | { at: "cancelled"; because: CancelReason }
  );

export type Dialling = {
  at: "dialling";
  /** The operator's line; null when the operator is gone and the customer's phone may still ring. */
  leg: string | null;
  /** Nobody needs the callback any more; it ends as soon as the customer's phone is known to be silent. */
  stop: CancelReason | null;
  phone: CustomerPhone;
  until: Instant;
};

/** What is known of the customer's leg. */
export type CustomerPhone =
  /** Not dialled yet: the operator hears who it is and why, and is not where the two will meet. */
  | { is: "untouched" }
  | { is: "asked" }
  /** The request is on its way; saved before it leaves. */
  | { is: "sending"; since: Instant }
  /** It may ring or not. */
  | { is: "unclear"; since: Instant; looks: number }
  | { is: "ringing"; call: string; since: Instant }
  | { is: "picked-up"; call: string; since: Instant };

/** `called-in`: the customer called and was answered. `chat`: an operator settled it in the chat. */
export type CancelReason = "called-in" | "dismissed" | "chat";

/** What is remembered through all states. */
export interface Memory {
  /** Dials so far; the last one's number names the customer's leg. */
  dials: number;
  /** How often the customer was dialled in vain. */
  tries: number;
  /** How often in a row the provider did not dial. */
  troubles: number;
  last: { dial: number; how: LegEnd | "refused" | "unclear"; at: Instant } | null;
  /** The last dial, while nobody knows whether it rang. */
  doubt: { since: Instant } | null;
  /** Dials that were taken for never made. */
  ghosts: number[];
  /** The provider's names of all legs so far, so that an old one is not taken for a new one. */
  legs: string[];
}

export type CallbackEvent =
  | { kind: "operator-rung"; leg: string }
  | { kind: "operator-picked-up"; leg: string }
  /** The operator has heard who it is, and waits for the customer. */
  | { kind: "operator-ready"; leg: string }
  | { kind: "operator-gone"; leg: string }
  /** The request to ring the customer is about to leave. */
  | { kind: "dial-begun"; dial: number }
  | { kind: "dial-refused"; dial: number; because: "number" | "trouble" }
  | { kind: "dial-unclear"; dial: number }
  /** `asOf`: when the provider was asked; the answer may come late. */
  | { kind: "looked-up"; dial: number; found: Found; asOf: Instant }
  /** The provider took the dial, or speaks of its leg. */
  | { kind: "leg-alive"; dial: number; call: string }
  | { kind: "picked-up"; dial: number; call: string }
  | { kind: "joined"; dial: number }
  | { kind: "leg-over"; dial: number; how: LegEnd }
  | { kind: "called-off"; because: CancelReason }
  | { kind: "overdue" };

/** What the provider said about a dial: `nothing` that it has none, `unknown` that it could not be asked. */
export type Found = { is: "alive"; call: string } | { is: "over"; how: LegEnd } | { is: "nothing" } | { is: "unknown" };

export type CallbackEffect =
  | { do: "dial"; dial: number }
  | { do: "look-up"; dial: number }
  | { do: "hang-up"; call: string }
  /** The operator's part is over; the line may still be up. */
  | { do: "free-operator"; leg: string };

export interface Step {
  state: Callback;
  effects: CallbackEffect[];
}

/** A callback nobody has touched yet. */
export const asked: Callback = {
  at: "waiting",
  dials: 0,
  tries: 0,
  troubles: 0,
  last: null,
  doubt: null,
  ghosts: [],
  legs: [],
};

/** When the state wants to be looked at again; null when only news can change it. */
export function dueAt(state: Callback): Instant | null {
  if (state.at === "retry") return state.from;
  return "until" in state ? state.until : null;
}

/** True when nothing will happen to it any more. */
export const isOver = ({ at }: Callback): boolean => at === "done" || at === "not-reached" || at === "cancelled";

/** The part of a state that does not depend on where it is. */
export const memoryOf = ({ dials, tries, troubles, last, doubt, ghosts, legs }: Callback): Memory => ({
  dials,
  tries,
  troubles,
  last,
  doubt,
  ghosts,
  legs,
});

/** The provider named the leg of the last dial: there is no doubt about it any more. */
export const heardOf = (memory: Memory, call: string): Pick<Memory, "doubt" | "troubles" | "legs"> => ({
  doubt: null,
  troubles: 0,
  legs: memory.legs.includes(call) ? memory.legs : [...memory.legs, call],
});

/** One step with what is to be done. */
export const go = (state: Callback, ...effects: CallbackEffect[]): Step => ({ state, effects });
/** Nothing changes. */
export const stay = (state: Callback): Step => ({ state, effects: [] });
