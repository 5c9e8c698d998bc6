import type { Instant } from "#kit";

/** What the log tells about one call that met the offer rule. `…Seq` are places in the log. */
export interface CallFacts {
  /** When it first met the rule. */
  eligibleAt: Instant;
  heldOut: boolean;
  offered: boolean;
  /** The last answer to an offer. */
  answer: string | null;
  /** Pressed 1. "Both" is not among them: such a caller stays in the queue by choice. */
  accepted: boolean;
  reach: string | null;
  /** An invite was given to the messenger. */
  tried: boolean;
  sentSeq: number | null;
  deliveredSeq: number | null;
  failedSeq: number | null;
  committedSeq: number | null;
  committedAt: Instant | null;
  callerLeft: boolean;
  keptBecause: string | null;
  owedBecause: string | null;
  askedCallback: boolean;
  engagedAt: Instant | null;
  closedAt: Instant | null;
  handedOver: boolean;
  /** When an operator first talked with this number since it met the rule, in this call or a later one. */
  voiceAt: Instant | null;
  calledAfterCommitAt: Instant | null;
  calledAfterCloseAt: Instant | null;
  wroteAfterCloseAt: Instant | null;
}
