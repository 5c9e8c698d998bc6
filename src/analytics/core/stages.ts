import { hours, later, unreachable, type Instant } from "#kit";
import type { CallFacts } from "./facts.ts";

/** How far a call may go, in order. */
export type Stage =
  | "eligible"
  | "offered"
  | "accepted"
  | "reachable"
  | "sent"
  | "delivered"
  | "committed"
  | "engaged"
  | "contained";

/** Whoever is contained has arrived; every other stage can be left. */
export type LeftStage = Exclude<Stage, "contained">;
/** False for the one stage that is an end. */
export const isLeavable = (stage: Stage): stage is LeftStage => stage !== "contained";

const ENGAGED_WITHIN = hours(24);

const isOffered = (call: CallFacts) => call.offered;
const isAccepted = (call: CallFacts) => isOffered(call) && call.accepted;
const isSent = (call: CallFacts) => isAccepted(call) && call.sentSeq !== null;
/** Whatever the probe said: who was written to with success was reachable. Unknown is not a no. */
const isReachable = (call: CallFacts) =>
  isSent(call) || (isAccepted(call) && (call.tried || (call.reach !== null && call.reach !== "not-here")));
/** The messenger's receipt came, before or after the commit. */
export const isDelivered = (call: CallFacts) => isAccepted(call) && call.deliveredSeq !== null;
/** We ended the call. */
export const isCommitted = (call: CallFacts) => isAccepted(call) && call.committedSeq !== null;
const isEngaged = (call: CallFacts) =>
  isCommitted(call) && call.engagedAt !== null && call.engagedAt <= later(call.committedAt!, ENGAGED_WITHIN);
const isContained = (call: CallFacts) => isEngaged(call) && call.closedAt !== null && !call.handedOver;

/** What it takes to have reached each stage. */
export const STAGES: { stage: Stage; has: (call: CallFacts) => boolean }[] = [
  { stage: "eligible", has: () => true },
  { stage: "offered", has: isOffered },
  { stage: "accepted", has: isAccepted },
  { stage: "reachable", has: isReachable },
  { stage: "sent", has: isSent },
  { stage: "delivered", has: isDelivered },
  { stage: "committed", has: isCommitted },
  { stage: "engaged", has: isEngaged },
  { stage: "contained", has: isContained },
];

/** The last stage a call reached. */
export const furthest = (call: CallFacts): Stage => STAGES.findLast(({ has }) => has(call))!.stage;

/** Why a call got no further than this stage. Pure. */
export function exitOf(call: CallFacts, stage: LeftStage, now: Instant): string {
  switch (stage) {
    case "eligible":
      return call.heldOut ? "held_out" : "not_offered";
    case "offered":
      return call.answer ?? "no_answer";
    case "accepted":
    case "reachable":
    case "sent":
    case "delivered":
      return exitBeforeCommit(call);
    case "committed":
      return now > later(call.committedAt!, ENGAGED_WITHIN) ? "quiet" : "not_engaged_yet";
    case "engaged":
      return call.handedOver ? "handed_over" : "still_open";
    default:
      return unreachable(stage);
  }
}

/** Hung up on us, went back to the queue for a reason, or is still on the way. */
function exitBeforeCommit(call: CallFacts): string {
  if (call.callerLeft) return "hung_up";
  return call.keptBecause === null ? "under_way" : `rolled_back:${call.keptBecause}`;
}
