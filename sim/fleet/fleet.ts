import type { CommitLevel } from "../../src/router/core/deflection.ts";
import { createRandom } from "../kit/random.ts";
import { noCounts, type Counts } from "./counts.ts";
import { BAD_DAY } from "./faults.ts";
import { runShift } from "./shift.ts";

const CALLS_A_SHIFT = 250;
const OPERATORS = 12;

/** So many simulated calls through the real decision code; the same seed plays the same calls. */
export function runFleet({
  calls,
  seed,
  commitLevel,
}: {
  calls: number;
  seed: number;
  commitLevel: CommitLevel;
}): Counts {
  const random = createRandom(seed);
  const counts = noCounts();
  for (let left = calls; left > 0; left -= CALLS_A_SHIFT)
    runShift({
      calls: Math.min(left, CALLS_A_SHIFT),
      operators: OPERATORS,
      commitLevel,
      faults: BAD_DAY,
      random,
      counts,
    });
  return counts;
}
