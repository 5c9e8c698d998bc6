import { later, minutes, unreachable, type Instant } from "#kit";
import { go, memoryOf, stay, type Callback, type CallbackEvent, type Step } from "./callback.ts";
import { brief, fromDialling, fromTalking } from "./dialling.ts";
import type { RetryRules } from "./retry.ts";
import { strayNews } from "./stray.ts";

/** A line that was asked for and of which nothing was heard is forgotten after this. */
const RINGS_AT_MOST = minutes(2);

type In<At extends Callback["at"]> = Extract<Callback, { at: At }>;

/** Pure. Events that come late, twice or out of order leave the state as it is. */
export function step(state: Callback, event: CallbackEvent, at: Instant, rules: RetryRules): Step {
  switch (state.at) {
    case "waiting":
    case "retry":
      return fromWaiting(state, event, at, rules);
    case "operator-ringing":
      return fromOperatorRinging(state, event, at, rules);
    case "dialling":
      return fromDialling(state, event, at, rules);
    case "talking":
      return fromTalking(state, event, at, rules);
    case "done":
    case "not-reached":
    case "cancelled":
      return strayNews(state, event, at, rules);
    default:
      return unreachable(state);
  }
}

function fromWaiting(state: In<"waiting" | "retry">, event: CallbackEvent, at: Instant, rules: RetryRules): Step {
  const memory = memoryOf(state);
  switch (event.kind) {
    case "operator-rung":
      return go({ ...memory, at: "operator-ringing", leg: event.leg, until: later(at, RINGS_AT_MOST) });
    case "operator-picked-up":
      return brief(memory, event.leg, at);
    case "called-off":
      return go({ ...memory, at: "cancelled", because: event.because });
    case "overdue":
      return state.at === "retry" && state.from <= at ? go({ ...memory, at: "waiting" }) : stay(state);
    default:
      return strayNews(state, event, at, rules);
  }
}

function fromOperatorRinging(
  state: In<"operator-ringing">,
  event: CallbackEvent,
  at: Instant,
  rules: RetryRules,
): Step {
  const memory = memoryOf(state);
  switch (event.kind) {
    case "operator-picked-up":
      return event.leg === state.leg ? brief(memory, event.leg, at) : stay(state);
    case "operator-gone":
      return event.leg === state.leg ? go({ ...memory, at: "waiting" }) : stay(state);
    case "called-off":
      return go({ ...memory, at: "cancelled", because: event.because });
    case "overdue":
      return state.until <= at ? go({ ...memory, at: "waiting" }) : stay(state);
    default:
      return strayNews(state, event, at, rules);
  }
}
