import { later, millis, seconds, type Instant } from "#kit";
import {
  asked,
  dueAt,
  isOver,
  type Callback,
  type CallbackEffect,
  type CallbackEvent,
} from "../../src/outbound/core/callback.ts";
import type { LegEnd } from "#voice";
import type { RetryRules } from "../../src/outbound/core/retry.ts";
import { step } from "../../src/outbound/core/step.ts";

/** The customer's leg at the provider. `late`: the request arrives only then. */
interface Leg {
  dial: number;
  rings: "not-yet" | "yes" | "over";
  from: Instant;
  how: LegEnd;
}

export interface Played {
  states: Callback[];
  events: CallbackEvent[];
  /** Most phones of this customer that rang at one time. */
  mostAtOnce: number;
  dialled: number;
  end: Callback;
}

/** Answers "which of so many?" from a tape; when it has run out, everything goes well. */
type Choose = (count: number) => number;

const HOWS: LegEnd[] = ["completed", "busy", "no-answer", "failed", "cancelled"];
const MOST_TURNS = 5000;
/** Longer than this no request is under way. */
const LATE = seconds(60);
const LEG_LASTS = seconds(90);

/**
 * One callback, its operators and a provider that loses answers, doubles, delays and forgets news. The tape decides what
 * goes wrong; when it ends all is well and operators are there, so that whatever can come to an end does.
 */
export function play(tape: number[], rules: RetryRules, start: Instant): Played {
  let now = start;
  let state = asked;
  let legNumber = 0;
  const legs: Leg[] = [];
  const news: CallbackEvent[] = [];
  const played: Played = { states: [state], events: [], mostAtOnce: 0, dialled: 0, end: state };
  let left = tape.length;
  const choose: Choose = (count) => (left === 0 ? 0 : tape[--left]! % count);
  const isBad = () => left > 0 && choose(3) === 1;

  function tell(event: CallbackEvent) {
    played.events.push(event);
    const { state: after, effects } = step(state, event, now, rules);
    state = after;
    played.states.push(state);
    for (const effect of effects) carryOut(effect);
    count();
  }

  function count() {
    played.mostAtOnce = Math.max(played.mostAtOnce, legs.filter(({ rings }) => rings === "yes").length);
  }

  function carryOut(effect: CallbackEffect) {
    if (isBad()) return;
    if (effect.do === "dial") dial(effect.dial);
    if (effect.do === "look-up") lookUp(effect.dial);
    if (effect.do === "hang-up")
      over(
        legs.find(({ dial: number }) => `call-${number}` === effect.call),
        "cancelled",
      );
  }

  function dial(number: number) {
    const before = state;
    tell({ kind: "dial-begun", dial: number });
    const isMine = before.at === "dialling" && before.phone.is === "asked" && state.at === "dialling";
    if (!isMine || (state as { phone: { is: string } }).phone.is !== "sending") return;
    const fate = choose(6);
    if (fate === 4) return void news.push({ kind: "dial-refused", dial: number, because: "trouble" });
    if (fate === 5) return void news.push({ kind: "dial-refused", dial: number, because: "number" });
    if (fate === 3) return void news.push({ kind: "dial-unclear", dial: number });
    played.dialled += 1;
    const isLate = fate === 2;
    legs.push({
      dial: number,
      rings: isLate ? "not-yet" : "yes",
      from: isLate ? later(now, LATE) : now,
      how: HOWS[choose(5)]!,
    });
    if (fate > 0) return void news.push({ kind: "dial-unclear", dial: number });
    news.push({ kind: "leg-alive", dial: number, call: `call-${number}` });
  }

  function lookUp(number: number) {
    const found = isBad() ? ({ is: "unknown" } as const) : find(number);
    news.push({ kind: "looked-up", dial: number, found, asOf: now });
  }

  function find(number: number) {
    const leg = legs.find(({ dial }) => dial === number);
    if (!leg || leg.rings === "not-yet") return { is: "nothing" } as const;
    return leg.rings === "yes"
      ? ({ is: "alive", call: `call-${number}` } as const)
      : ({ is: "over", how: leg.how } as const);
  }

  function over(leg: Leg | undefined, how: LegEnd) {
    if (leg?.rings !== "yes") return;
    leg.rings = "over";
    leg.how = how;
    news.push({ kind: "leg-over", dial: leg.dial, how });
  }

  /** A rung phone speaks of itself, is picked up, joined or put down. */
  function progress(leg: Leg) {
    const call = `call-${leg.dial}`;
    switch (choose(4)) {
      case 0:
        news.push({ kind: "picked-up", dial: leg.dial, call }, { kind: "joined", dial: leg.dial });
        return;
      case 1:
        news.push({ kind: "leg-alive", dial: leg.dial, call });
        return;
      case 2:
        over(leg, leg.how);
        return;
      default:
    }
  }

  function operators() {
    if (state.at === "waiting")
      tell(
        choose(3) === 2 ? { kind: "operator-picked-up", leg: nextLeg() } : { kind: "operator-rung", leg: nextLeg() },
      );
    else if (state.at === "operator-ringing")
      tell({ kind: isBad() ? "operator-gone" : "operator-picked-up", leg: state.leg });
    else if (state.at === "dialling" && state.leg !== null && state.phone.is === "untouched" && !isBad())
      tell({ kind: "operator-ready", leg: state.leg });
    else if (state.at === "dialling" && state.leg !== null && isBad()) tell({ kind: "operator-gone", leg: state.leg });
  }
  const nextLeg = () => `leg-${++legNumber}`;

  function deliver() {
    const one = news.splice(choose(Math.max(1, news.length)), 1)[0];
    if (!one) return;
    const fate = choose(6);
    if (fate === 5 && one.kind !== "looked-up") return;
    if (fate === 4) news.push(one);
    tell(one);
  }

  /** Requests that were late arrive, and no phone rings or talks for ever. */
  function moveTo(target: Instant) {
    for (;;) {
      const moments = legs.flatMap((one) => (one.rings === "over" ? [] : [momentOf(one)]));
      now = Math.max(now, Math.min(target, ...moments)) as Instant;
      for (const one of legs.filter((leg) => leg.rings !== "over" && momentOf(leg) <= now)) {
        if (one.rings === "yes") over(one, one.how);
        else {
          one.rings = "yes";
          news.push({ kind: "leg-alive", dial: one.dial, call: `call-${one.dial}` });
        }
      }
      count();
      if (now >= target && !moments.some((at) => at <= now)) return;
    }
  }

  const momentOf = ({ rings, from }: Leg) => (rings === "yes" ? later(from, LEG_LASTS) : from);

  function passTime() {
    const due = dueAt(state);
    const isSilent = legs.every(({ rings }) => rings === "over");
    const mayJump = left > 0 ? choose(2) === 0 : state.at === "retry" || (state.at === "talking" && isSilent);
    const step = millis(500 + choose(40) * 500);
    moveTo(due !== null && mayJump ? (Math.max(now, due) as Instant) : later(now, step));
    const overdue = dueAt(state);
    if (overdue !== null && overdue <= now) tell({ kind: "overdue" });
  }

  for (let turn = 0; turn < MOST_TURNS && !(isOver(state) && left === 0); turn += 1) {
    const move = left > 0 ? choose(5) : turn % 5;
    if (move === 0) operators();
    else if (move <= 2) deliver();
    else if (move === 3) passTime();
    else for (const leg of legs) if (leg.rings === "yes") progress(leg);
    if (left > 0 && choose(60) === 59) tell({ kind: "called-off", because: "dismissed" });
  }
  return { ...played, end: state };
}
