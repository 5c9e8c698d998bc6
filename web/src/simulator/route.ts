import type { Leg } from "../ui/leg.ts";
import type { LoggedStep, SimulatorState } from "./types.ts";

/** What stands under a stop's name; the catalogue puts it into words. */
export type StopNote =
  | { say: "not-called" | "ringing" | "in-line" | "answered" | "ended" }
  | { say: "place"; place: number }
  | { say: "at-peak" | "not-offered" | "offered" | "pressed-1" | "declined" | "unanswered" }
  | { say: "with-receipt" | "checking" | "sending" | "delivered" | "place-kept" | "owed" }
  | { say: "delivered-in"; ms: number }
  | { say: "at-once" | "handed-over" }
  | { say: "answers"; count: number }
  | { say: "if-needed" | "in-queue" | "assigned" | "replied" | "on-the-phone" }
  | { say: "one-to-five" | "asked" }
  | { say: "score"; score: number };

export type StopName = "call" | "offer" | "messenger" | "bot" | "operator" | "rating";

export interface Stop {
  name: StopName;
  leg: Leg;
  note: StopNote;
}

/** The six stops of the caller's route, coloured as far as the caller has come. Pure. */
export function routeOf(state: SimulatorState): Stop[] {
  return [
    callStop(state),
    offerStop(state),
    messengerStop(state),
    botStop(state),
    operatorStop(state),
    ratingStop(state),
  ];
}

const stop = (name: StopName, leg: Leg, note: StopNote): Stop => ({ name, leg, note });

const lastOf = (steps: LoggedStep[], ...kinds: string[]): LoggedStep | undefined =>
  steps.findLast((step) => kinds.includes(step.kind));

const numberIn = (step: LoggedStep | undefined, key: string): number | null => {
  const value = step?.data[key];
  return typeof value === "number" ? value : null;
};

function callStop({ phone, steps }: SimulatorState): Stop {
  if (phone.state === "idle") return stop("call", "none", { say: "not-called" });
  if (phone.state === "ringing") return stop("call", "voice", { say: "ringing" });
  if (phone.talkingTo !== null) return stop("call", "voice", { say: "answered" });
  const place = phone.place ?? numberIn(lastOf(steps, "call.waiting"), "place");
  if (place !== null) return stop("call", "voice", { say: "place", place });
  return stop("call", "voice", { say: phone.state === "ended" ? "ended" : "in-line" });
}

function offerStop({ steps }: SimulatorState): Stop {
  const answer = lastOf(steps, "offer.made", "deflection.accepted", "deflection.kept");
  if (lastOf(steps, "deflection.accepted")) return stop("offer", "voice", { say: "pressed-1" });
  if (answer?.data["because"] === "refused") return stop("offer", "voice", { say: "declined" });
  if (answer?.data["because"] === "silent") return stop("offer", "voice", { say: "unanswered" });
  if (lastOf(steps, "offer.made")) return stop("offer", "voice", { say: "offered" });
  const decided = lastOf(steps, "offer.decided");
  if (decided?.data["offer"] === false) return stop("offer", "none", { say: "not-offered" });
  return stop("offer", "none", { say: "at-peak" });
}

function messengerStop({ steps }: SimulatorState): Stop {
  const last = lastOf(
    steps,
    "deflection.checking",
    "invite.sending",
    "invite.accepted",
    "invite.sent",
    "invite.delivered",
    "invite.read",
    "deflection.kept",
    "deflection.owed",
  );
  switch (last?.kind) {
    case "deflection.checking":
      return stop("messenger", "whatsapp", { say: "checking" });
    case "invite.sending":
    case "invite.accepted":
    case "invite.sent":
      return stop("messenger", "whatsapp", { say: "sending" });
    case "invite.delivered":
    case "invite.read":
      return stop("messenger", "whatsapp", deliveredNote(steps, lastOf(steps, "invite.delivered") ?? last));
    case "deflection.kept":
      return stop("messenger", "none", { say: wasTried(steps, last) ? "place-kept" : "with-receipt" });
    case "deflection.owed":
      return stop("messenger", "none", { say: "owed" });
    default:
      return stop("messenger", "none", { say: "with-receipt" });
  }
}

/** False when the offer never led to a message: refused, unanswered, or an operator was quicker. */
const wasTried = (steps: LoggedStep[], kept: LoggedStep): boolean =>
  lastOf(steps, "deflection.accepted") !== undefined && kept.data["because"] !== "answered";

function deliveredNote(steps: LoggedStep[], delivered: LoggedStep): StopNote {
  const accepted = lastOf(steps, "deflection.accepted");
  return accepted ? { say: "delivered-in", ms: Math.max(0, delivered.at - accepted.at) } : { say: "delivered" };
}

function botStop({ steps }: SimulatorState): Stop {
  if (lastOf(steps, "chat.handed-over")) return stop("bot", "bot", { say: "handed-over" });
  const count = steps.filter((step) => step.kind === "bot.answered").length;
  return count > 0 ? stop("bot", "bot", { say: "answers", count }) : stop("bot", "none", { say: "at-once" });
}

function operatorStop({ phone, steps }: SimulatorState): Stop {
  if (phone.talkingTo !== null) return stop("operator", "operator", { say: "on-the-phone" });
  if (lastOf(steps, "chat.operator-replied")) return stop("operator", "operator", { say: "replied" });
  if (lastOf(steps, "chat.assigned")) return stop("operator", "operator", { say: "assigned" });
  if (lastOf(steps, "call.connected")) return stop("operator", "operator", { say: "answered" });
  if (lastOf(steps, "chat.handed-over")) return stop("operator", "operator", { say: "in-queue" });
  return stop("operator", "none", { say: "if-needed" });
}

function ratingStop({ steps }: SimulatorState): Stop {
  const score = numberIn(lastOf(steps, "rating.given"), "score");
  if (score !== null) return stop("rating", "operator", { say: "score", score });
  if (lastOf(steps, "rating.asked")) return stop("rating", "operator", { say: "asked" });
  return stop("rating", "none", { say: "one-to-five" });
}
