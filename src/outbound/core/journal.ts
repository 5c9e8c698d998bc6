import type { JsonObject } from "#kit";
import type { Callback, CallbackEffect, CustomerPhone } from "./callback.ts";

/** One line of the event log. */
export interface Entry {
  kind: string;
  data: JsonObject;
}

/** What one step adds to the event log. Pure. */
export function entriesFor(before: Callback, after: Callback, effects: CallbackEffect[]): Entry[] {
  const strays = effects.filter((effect) => effect.do === "hang-up" && !isItsOwn(after, effect.call));
  const entries = [...moved(before, after), ...dialled(before, after)];
  return [...entries, ...strays.map(() => ({ kind: "callback.stray-ended", data: {} }))];
}

const isItsOwn = (state: Callback, call: string) =>
  state.at === "dialling" && "call" in state.phone && state.phone.call === call;

function moved(before: Callback, after: Callback): Entry[] {
  if (before.at === after.at) return [];
  const { tries, dials: dial, last } = after;
  switch (after.at) {
    case "operator-ringing":
      return [{ kind: "callback.operator-rung", data: {} }];
    case "dialling":
      return [];
    case "waiting":
      return [{ kind: "callback.returned", data: { from: before.at, tries } }];
    case "retry":
      return [{ kind: "callback.missed", data: { dial, how: last?.how ?? null, tries, again: after.from } }];
    case "talking":
      return [{ kind: "callback.connected", data: { dial } }];
    case "done":
      return [{ kind: "callback.done", data: { dial } }];
    case "not-reached":
      return [{ kind: "callback.not-reached", data: { because: after.because, how: last?.how ?? null, tries } }];
    case "cancelled":
      return [{ kind: "callback.cancelled", data: { because: after.because } }];
  }
}

/** What is new about the customer's leg. */
function dialled(before: Callback, after: Callback): Entry[] {
  if (after.at !== "dialling") return [];
  const was = before.at === "dialling" && before.dials === after.dials ? before.phone.is : null;
  const { is } = after.phone;
  return was === is ? [] : [{ kind: NEWS[is], data: { dial: after.dials, tries: after.tries } }];
}

const NEWS: Record<CustomerPhone["is"], string> = {
  untouched: "callback.operator-answered",
  asked: "callback.dialling",
  sending: "callback.sent",
  unclear: "callback.unclear",
  ringing: "callback.dialled",
  "picked-up": "callback.answered",
};
