import { between, hours, later, minutes, seconds, type Instant } from "#kit";
import type { LegEnd } from "#voice";
import {
  go,
  heardOf,
  memoryOf,
  stay,
  type Callback,
  type CallbackEffect,
  type CallbackEvent,
  type CancelReason,
  type CustomerPhone,
  type Dialling,
  type Memory,
  type Step,
} from "./callback.ts";
import { conclude } from "./conclude.ts";
import { afterTrouble, type RetryRules } from "./retry.ts";
import { strayNews } from "./stray.ts";

/** Longer than any announcement. */
const BRIEFED_WITHIN = seconds(60);
/** Work that nobody took up is asked for again. */
const TAKEN_UP_WITHIN = seconds(10);
const SENT_WITHIN = seconds(15);
/** A customer's phone rings half a minute and Twilio may add five seconds; then some word of it must have come. */
const HEARD_WITHIN = seconds(60);
const JOINED_WITHIN = seconds(30);
const TALK_AT_MOST = hours(4);

/** What the provider says nothing of for so long is over. */
const SILENT_AT_MOST = minutes(15);

/** How long to wait before each look at an unclear dial; the operator waits on the line meanwhile. */
const LOOKS = [seconds(2), seconds(3), seconds(5)];
const LOOKED_UP_WITHIN = seconds(10);
/** By then a request that was under way has arrived or never will: only then "no such call" is a proof. */
const DOUBT_LASTS = minutes(2);

/** An operator is on the line and hears who is to be called and why. */
export const brief = (memory: Memory, leg: string, at: Instant): Step =>
  go({ ...memory, at: "dialling", leg, stop: null, phone: { is: "untouched" }, until: later(at, BRIEFED_WITHIN) });

/** The operator waits for the customer: ring, but look first what became of a doubtful dial. */
function begin(memory: Memory, leg: string, at: Instant): Step {
  const dialling = { at: "dialling", leg, stop: null } as const;
  if (memory.doubt) {
    const phone: CustomerPhone = { is: "unclear", since: memory.doubt.since, looks: 0 };
    const until = later(at, LOOKED_UP_WITHIN);
    return go({ ...memory, ...dialling, phone, until }, { do: "look-up", dial: memory.dials });
  }
  const dial = memory.dials + 1;
  const until = later(at, TAKEN_UP_WITHIN);
  return go({ ...memory, ...dialling, dials: dial, phone: { is: "asked" }, until }, { do: "dial", dial });
}

type Now = Memory & Dialling;

/** Pure. What happens between the operator's "yes" and the first word with the customer. */
export function fromDialling(state: Now, event: CallbackEvent, at: Instant, rules: RetryRules): Step {
  if ("dial" in event && !isAbout(state, event.dial)) return strayNews(state, event, at, rules);
  switch (event.kind) {
    case "operator-ready":
      if (state.phone.is !== "untouched" || event.leg !== state.leg) return stay(state);
      return begin(memoryOf(state), event.leg, at);
    case "operator-gone":
      return operatorGone(state, event.leg);
    case "called-off":
      return calledOff(state, event.because);
    case "dial-begun":
      if (state.phone.is !== "asked") return stay(state);
      return go({ ...state, phone: { is: "sending", since: at }, until: later(at, SENT_WITHIN) });
    case "dial-refused":
      return refused(state, event.because, at);
    case "dial-unclear":
      return state.phone.is === "sending" ? doubtful(state, state.phone.since, at) : stay(state);
    case "looked-up":
      return lookedUp(state, event, at, rules);
    case "leg-alive":
      return alive(state, event.call, at);
    case "picked-up":
      if (state.phone.is === "picked-up") return stay(state);
      return go({
        ...known(state, event.call),
        phone: { is: "picked-up", call: event.call, since: at },
        until: later(at, JOINED_WITHIN),
      });
    case "joined":
      if (state.leg === null) return stay(state);
      return go({ ...memoryOf(state), at: "talking", leg: state.leg, until: later(at, TALK_AT_MOST) });
    case "leg-over":
      return over(state, event.how, at, rules);
    case "overdue":
      return state.until <= at ? overdue(state, at, rules) : stay(state);
    default:
      return stay(state);
  }
}

/** Before anything is dialled there can only be news of the doubtful dial. */
const isAbout = (state: Now, dial: number) =>
  dial === state.dials && (state.phone.is !== "untouched" || state.doubt !== null);

const isSilent = ({ phone }: Now) => phone.is === "untouched" || phone.is === "asked";

/** Pure. Two who talk: whoever leaves first ends it. */
export function fromTalking(
  state: Extract<Callback, { at: "talking" }>,
  event: CallbackEvent,
  at: Instant,
  rules: RetryRules,
): Step {
  const isEnd =
    (event.kind === "leg-over" && event.dial === state.dials) ||
    (event.kind === "operator-gone" && event.leg === state.leg) ||
    (event.kind === "overdue" && state.until <= at);
  if (isEnd) return go({ ...memoryOf(state), at: "done" }, { do: "free-operator", leg: state.leg });
  return strayNews(state, event, at, rules);
}

/** Somebody spoke of the leg, so it exists. */
const known = (state: Now, call: string): Now => ({ ...state, ...heardOf(state, call) });

/** A phone that rings is silenced; whoever picked up hears our apology to the end. */
const silence = ({ phone }: Now): CallbackEffect[] =>
  phone.is === "ringing" ? [{ do: "hang-up", call: phone.call }] : [];
const free = ({ leg }: Now): CallbackEffect[] => (leg === null ? [] : [{ do: "free-operator", leg }]);

function operatorGone(state: Now, leg: string): Step {
  if (state.leg !== leg) return stay(state);
  if (isSilent(state)) return withoutDial(state);
  return go({ ...state, leg: null }, ...free(state), ...silence(state));
}

/** Too late for whoever is about to talk. */
function calledOff(state: Now, because: CancelReason): Step {
  if (state.phone.is === "picked-up" || state.stop !== null) return stay(state);
  const stopping: Now = { ...state, stop: because };
  return isSilent(state) ? withoutDial(stopping) : go(stopping, ...silence(state));
}

/** Nothing was asked of the provider yet. */
const withoutDial = (state: Now): Step => {
  const { stop } = state;
  return go({ ...memoryOf(state), ...(stop ? { at: "cancelled", because: stop } : { at: "waiting" }) }, ...free(state));
};

function refused(state: Now, because: "number" | "trouble", at: Instant): Step {
  if (state.phone.is !== "sending") return stay(state);
  if (state.stop) return withoutDial(state);
  const last = { dial: state.dials, how: because === "number" ? ("invalid" as const) : ("refused" as const), at };
  const memory: Memory = { ...memoryOf(state), last, troubles: state.troubles + 1 };
  if (because === "number") return go({ ...memory, at: "not-reached", because }, ...free(state));
  return go({ ...memory, at: "retry", from: afterTrouble(memory.troubles, at) }, ...free(state));
}

const doubtful = (state: Now, since: Instant, at: Instant): Step =>
  go({ ...state, phone: { is: "unclear", since, looks: 0 }, until: later(at, LOOKS[0]!) });

function alive(state: Now, call: string, at: Instant): Step {
  if (state.phone.is === "ringing" || state.phone.is === "picked-up") return stay(state);
  const ringing: Now = {
    ...known(state, call),
    phone: { is: "ringing", call, since: at },
    until: later(at, HEARD_WITHIN),
  };
  const isUnwanted = state.leg === null || state.stop !== null;
  return isUnwanted ? go(ringing, { do: "hang-up", call }) : go(ringing);
}

type LookedUp = Extract<CallbackEvent, { kind: "looked-up" }>;

function lookedUp(state: Now, { found, asOf }: LookedUp, at: Instant, rules: RetryRules): Step {
  const { phone } = state;
  if (found.is === "over") return over(state, found.how, at, rules);
  if (phone.is === "untouched") return stay(state);
  if (phone.is !== "unclear") return go({ ...state, until: later(at, HEARD_WITHIN) });
  if (found.is === "alive") return alive(state, found.call, at);
  const isProof = found.is === "nothing" && between(phone.since, asOf) >= DOUBT_LASTS;
  return isProof ? neverRang(state, at) : lookAgain(state, phone, at);
}

function lookAgain(state: Now, phone: Extract<CustomerPhone, { is: "unclear" }>, at: Instant): Step {
  const looks = phone.looks + 1;
  const wait = LOOKS[looks];
  if (wait === undefined) return inDoubt(state, phone.since, at);
  return go({ ...state, phone: { ...phone, looks }, until: later(at, wait) });
}

/** Nobody can say whether it rings: the operator is let go, and the next one begins with another look. */
function inDoubt(state: Now, since: Instant, at: Instant): Step {
  if (state.stop) return withoutDial({ ...state, ghosts: [...state.ghosts, state.dials] });
  const last = { dial: state.dials, how: "unclear" as const, at };
  const from = later(at, DOUBT_LASTS);
  return go({ ...memoryOf(state), last, doubt: { since }, at: "retry", from }, ...free(state));
}

/** Long after the request the provider knows of no such call: now it may be dialled. */
function neverRang(state: Now, at: Instant): Step {
  const settled: Now = { ...state, doubt: null, ghosts: [...state.ghosts, state.dials] };
  if (state.stop || state.leg === null) return withoutDial(settled);
  return begin(memoryOf(settled), state.leg, at);
}

const over = (state: Now, how: LegEnd, at: Instant, rules: RetryRules): Step =>
  go(conclude(memoryOf(state), { how, operatorGone: state.leg === null, stop: state.stop }, at, rules), ...free(state));

function overdue(state: Now, at: Instant, rules: RetryRules): Step {
  const { phone, dials: dial } = state;
  if (phone.is === "untouched") return withoutDial(state);
  if (phone.is === "asked") return go({ ...state, until: later(at, TAKEN_UP_WITHIN) }, { do: "dial", dial });
  const isNamed = phone.is === "ringing" || phone.is === "picked-up";
  if (isNamed && between(phone.since, at) >= SILENT_AT_MOST) return over(state, "failed", at, rules);
  const next: CustomerPhone = phone.is === "sending" ? { is: "unclear", since: phone.since, looks: 0 } : phone;
  return go({ ...state, phone: next, until: later(at, LOOKED_UP_WITHIN) }, { do: "look-up", dial });
}
