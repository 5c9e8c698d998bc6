/** What a run of the fleet is judged by. */
export interface Counts {
  calls: number;
  offered: number;
  accepted: number;
  committed: number;
  answered: number;
  abandoned: number;
  goneToChat: number;
  callbacksPromised: number;
  kept: Record<string, number>;
  owed: Record<string, number>;
  crashes: number;
  /** Hung up by us without a receipt, or the receipt was followed by `failed`. */
  wrongHangUps: number;
  /** A caller who was passed over, forgotten, or whose first place was changed. */
  lostPlaces: number;
  /** A key press at an open offer that came to nothing, in calls no crash touched. */
  lostPresses: number;
  /** Gone, the message known never to arrive, and owed nothing. */
  forgotten: number;
  /** More than one message for one call. */
  sentTwice: number;
  /** Longest time from the key press to the first words about the outcome, for calls no crash touched, in milliseconds. */
  slowestDecisionMs: number;
}

export const noCounts = (): Counts => ({
  calls: 0,
  offered: 0,
  accepted: 0,
  committed: 0,
  answered: 0,
  abandoned: 0,
  goneToChat: 0,
  callbacksPromised: 0,
  kept: {},
  owed: {},
  crashes: 0,
  wrongHangUps: 0,
  lostPlaces: 0,
  lostPresses: 0,
  forgotten: 0,
  sentTwice: 0,
  slowestDecisionMs: 0,
});

/** One more of this reason. */
export const countOne = (reasons: Record<string, number>, reason: string): void =>
  void (reasons[reason] = (reasons[reason] ?? 0) + 1);

/** True when every promise held. With the commit level `sent` a wrong hang-up may happen, but is owed once it is known. */
export const isClean = (counts: Counts, commitLevel: "delivered" | "sent"): boolean =>
  counts.lostPlaces + counts.lostPresses + counts.forgotten + counts.sentTwice === 0 &&
  (commitLevel === "sent" || counts.wrongHangUps === 0);
