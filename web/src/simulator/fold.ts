import type { LoggedStep } from "./types.ts";

export interface ShownStep extends LoggedStep {
  /** How many entries of the log this line stands for. */
  times: number;
  /** Since the line above, in milliseconds; 0 for the first. */
  since: number;
}

/** What the product notes every few seconds while a caller waits. */
const ROUTINE = new Set(["call.waiting", "offer.decided"]);

/** Folds the routine of waiting, so that each run shows the newest entry of a kind once. Pure; keeps the order. */
export function foldSteps(steps: LoggedStep[]): ShownStep[] {
  const shown: Omit<ShownStep, "since">[] = [];
  for (const step of steps) {
    const earlier = ROUTINE.has(step.kind) ? sameInRun(shown, step.kind) : -1;
    const times = earlier < 0 ? 1 : (shown[earlier]?.times ?? 0) + 1;
    if (earlier >= 0) shown.splice(earlier, 1);
    shown.push({ ...step, times });
  }
  return shown.map((step, index) => since(step, shown[index - 1]));
}

const since = (step: Omit<ShownStep, "since">, before: LoggedStep | undefined): ShownStep => ({
  ...step,
  since: step.at - (before?.at ?? step.at),
});

/** Where the run of routine at the end already has a line of this kind. */
function sameInRun(shown: { kind: string }[], kind: string): number {
  for (let index = shown.length - 1; index >= 0; index--) {
    const found = shown[index]?.kind ?? "";
    if (found === kind) return index;
    if (!ROUTINE.has(found)) return -1;
  }
  return -1;
}
