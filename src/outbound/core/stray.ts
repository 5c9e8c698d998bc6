import { later, seconds, type Instant } from "#kit";
import {
  go,
  heardOf,
  memoryOf,
  stay,
  type Callback,
  type CallbackEffect,
  type CallbackEvent,
  type Step,
} from "./callback.ts";
import { conclude } from "./conclude.ts";
import type { RetryRules } from "./retry.ts";

const HEARD_WITHIN = seconds(60);

/**
 * News of a customer's leg that nobody waits for. A doubtful dial that rings after all is the callback's dial again, but
 * without an operator: it is hung up, and nothing else is dialled before it is over. One that was taken for never made
 * is only hung up. Pure.
 */
export function strayNews(state: Callback, event: CallbackEvent, at: Instant, rules: RetryRules): Step {
  if (event.kind === "leg-over") {
    if (!isDoubtful(state, event.dial)) return stay(state);
    return go(conclude(memoryOf(state), { how: event.how, operatorGone: false, stop: null }, at, rules));
  }
  if (event.kind !== "leg-alive" && event.kind !== "picked-up") return stay(state);
  const hangUp: CallbackEffect = { do: "hang-up", call: event.call };
  if (!isDoubtful(state, event.dial)) return state.ghosts.includes(event.dial) ? go(state, hangUp) : stay(state);
  const is = event.kind === "picked-up" ? ("picked-up" as const) : ("ringing" as const);
  const phone = { is, call: event.call, since: at };
  const memory = { ...memoryOf(state), ...heardOf(state, event.call) };
  return go({ ...memory, at: "dialling", leg: null, stop: null, phone, until: later(at, HEARD_WITHIN) }, hangUp);
}

const isDoubtful = (state: Callback, dial: number) =>
  state.doubt !== null && dial === state.dials && ["waiting", "retry", "operator-ringing"].includes(state.at);
