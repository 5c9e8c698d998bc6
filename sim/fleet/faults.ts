import type { Random } from "../kit/random.ts";

/** How often each thing goes wrong: probabilities, and delays in milliseconds. */
export interface Faults {
  /** The process dies after it saved and before it answered. */
  crashAfterSave: number;
  /** The process dies before it saved: nothing happened. */
  crashBeforeSave: number;
  /** The provider sends the same request once more. */
  doubledRequest: number;
  jobLost: number;
  statusLost: number;
  statusDoubled: number;
  statusLate: number;
  inviteRefused: number;
  inviteBusy: number;
  inviteUnclear: number;
  inviteUnavailable: number;
  neverDelivered: number;
  failsLater: number;
  pullOutBusy: number;
  pullOutUnclear: number;
}

/** A bad day: everything that can go wrong does, several times per hundred. */
export const BAD_DAY: Faults = {
  crashAfterSave: 0.02,
  crashBeforeSave: 0.02,
  doubledRequest: 0.05,
  jobLost: 0.05,
  statusLost: 0.05,
  statusDoubled: 0.15,
  statusLate: 0.1,
  inviteRefused: 0.06,
  inviteBusy: 0.04,
  inviteUnclear: 0.05,
  inviteUnavailable: 0.02,
  neverDelivered: 0.08,
  failsLater: 0.08,
  pullOutBusy: 0.05,
  pullOutUnclear: 0.05,
};

/** A length of time around `mean`, never negative. */
export const around = (random: Random, mean: number): number => -mean * Math.log(1 - random.next());
