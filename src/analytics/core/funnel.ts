import { days, hours, later, type Instant } from "#kit";
import type { CallFacts } from "./facts.ts";
import {
  exitOf,
  furthest,
  isCommitted,
  isDelivered,
  isLeavable,
  STAGES,
  type LeftStage,
  type Stage,
} from "./stages.ts";
import { isHeldOut, netVoiceReduction, type NetVoiceReduction } from "./voice.ts";

/** A count by reason. */
type Counts = Record<string, number>;

/** How many callers went how far, in the words of the field. */
export interface Funnel {
  eligible: number;
  held_out: number;
  offered: number;
  accepted: number;
  reachable: number;
  sent: number;
  delivered: number;
  committed: number;
  engaged: number;
  contained: number;
  /** Null until nobody of the period can come back within 72 hours any more. */
  resolved: number | null;
  resolved_reason: string | null;
  refused: number;
  silent: number;
  rolled_back: Counts;
  returned_to_voice: number;
  wrong_hang_ups: number;
  leaks: number;
  net_voice_reduction: NetVoiceReduction;
  /**
   * Who left at each stage, and why. Each stage is the next one plus who left it; with the commit level `sent`,
   * `left.sent.committed` are those who were let go before the message was delivered.
   */
  left: Record<LeftStage, Counts>;
}

const LEAK_WITHIN = hours(24);
const BACK_WITHIN = days(3);

/** Counts calls; each call is counted once at every stage it reached and leaves at one of them. Pure. */
export function funnelOf(calls: CallFacts[], now: Instant): Funnel {
  const count = (which: (call: CallFacts) => boolean) => calls.filter(which).length;
  const reached = Object.fromEntries(STAGES.map(({ stage, has }) => [stage, count(has)])) as Record<Stage, number>;
  const left = leftOf(calls, now);
  const contained = calls.filter((call) => furthest(call) === "contained");

  return {
    ...reached,
    held_out: count(isHeldOut),
    ...resolvedOf(contained, now),
    refused: left.offered["refused"] ?? 0,
    silent: left.offered["silent"] ?? 0,
    rolled_back: rolledBack(calls),
    returned_to_voice: count((call) => call.committedSeq !== null && call.askedCallback),
    wrong_hang_ups: count(isWrongHangUp),
    leaks: count(isLeak),
    net_voice_reduction: netVoiceReduction(calls, now),
    left,
  };
}

/** We ended the call without knowing that the message had left, or it turned out later that it never arrived. */
export function isWrongHangUp({ committedSeq, sentSeq, deliveredSeq, failedSeq, owedBecause }: CallFacts): boolean {
  if (committedSeq === null) return false;
  if (owedBecause === "failed-after-commit") return true;
  const hadReceipt = sentSeq !== null && sentSeq < committedSeq;
  // After `delivered`, Meta's `failed` is about another device of the same person.
  const failedLater =
    failedSeq !== null && failedSeq > committedSeq && (deliveredSeq === null || deliveredSeq > failedSeq);
  return !hadReceipt || failedLater;
}

const isLeak = ({ committedAt, calledAfterCommitAt }: CallFacts) =>
  committedAt !== null && calledAfterCommitAt !== null && calledAfterCommitAt <= later(committedAt, LEAK_WITHIN);

/** A commit after an earlier roll-back of the same call is what counts. */
function rolledBack(calls: CallFacts[]): Counts {
  const reasons = calls
    .filter((call) => call.accepted && call.committedSeq === null && !call.callerLeft)
    .map((call) => call.keptBecause);
  return tally(reasons.filter((reason) => reason !== null));
}

function leftOf(calls: CallFacts[], now: Instant): Record<LeftStage, Counts> {
  const left = Object.fromEntries(
    STAGES.map(({ stage }) => stage)
      .filter(isLeavable)
      .map((stage) => {
        const leavers = calls.filter((call) => furthest(call) === stage);
        return [stage, tally(leavers.map((call) => exitOf(call, stage, now)))];
      }),
  ) as Record<LeftStage, Counts>;
  const early = calls.filter((call) => isCommitted(call) && !isDelivered(call)).length;
  return early > 0 ? { ...left, sent: { ...left.sent, committed: early } } : left;
}

function resolvedOf(contained: CallFacts[], now: Instant): Pick<Funnel, "resolved" | "resolved_reason"> {
  const knownAt = Math.max(0, ...contained.map((call) => later(call.closedAt!, BACK_WITHIN)));
  if (knownAt > now) {
    const when = new Date(knownAt).toISOString();
    return {
      resolved: null,
      resolved_reason: `Somebody whose chat was closed may still come back within 72 hours; known at ${when}.`,
    };
  }
  return { resolved: contained.filter((call) => !cameBack(call)).length, resolved_reason: null };
}

const cameBack = ({ closedAt, calledAfterCloseAt, wroteAfterCloseAt }: CallFacts) =>
  [calledAfterCloseAt, wroteAfterCloseAt].some((at) => at !== null && at <= later(closedAt!, BACK_WITHIN));

function tally(reasons: string[]): Counts {
  const counts: Counts = {};
  for (const reason of reasons) counts[reason] = (counts[reason] ?? 0) + 1;
  return counts;
}
