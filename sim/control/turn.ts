import type { Scenario, SimulatorState, Turn } from "./state.ts";

type Seen = Pick<SimulatorState, "phone" | "messenger" | "steps"> & { scenario: Scenario };

/** What the person should do next, from what is visible. Pure. */
export function turnOf({ phone, messenger, steps, scenario }: Seen): Turn {
  const happened = (kind: string) => steps.some((step) => step.kind === kind);
  if (happened("rating.given")) return "done";
  if (happened("rating.asked")) return "rate";
  const invited = messenger.messages.length > 0;
  if (phone.state === "idle") return "dial";
  if (phone.incoming) return phone.state === "ringing" ? "pick-up" : "done";
  if (phone.state === "ended" && awaitsCall(happened))
    return happened("callback.operator-rung") ? "wait-call" : "take-call";
  if (phone.state === "ended") return invited ? whatToWrite(messenger) : "dial";
  if (phone.talkingTo) return "done";
  if (happened("deflection.kept")) return "stay";
  if (happened("deflection.accepted")) return "wait-receipt";
  if (scenario === "stays") return happened("offer.made") ? "take-call" : "wait-offer";
  return phone.listening && happened("offer.made") ? "press-1" : "wait-offer";
}

/** A callback was promised, and nothing came of it yet. */
const awaitsCall = (happened: (kind: string) => boolean) =>
  (happened("callback.asked") || happened("callback.owed")) &&
  !["callback.connected", "callback.not-reached", "callback.cancelled"].some(happened);

function whatToWrite({ messages }: Seen["messenger"]): Turn {
  const last = messages.at(-1);
  return last?.from === "business" && last.choices.length > 0 ? "tap" : "write";
}
