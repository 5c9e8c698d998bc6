import { closedLoop } from "./closed-loop.ts";
import type { Figures, Sizes } from "./goals.ts";
import { openLoop } from "./open-loop.ts";
import { outage } from "./outage.ts";
import type { Stand } from "./stand.ts";
import { starts } from "./starts.ts";
import { sustained } from "./sustained.ts";
import { twoProcesses } from "./two-processes.ts";
import { voice } from "./voice.ts";

/** Every scenario, in the order of the table. */
export const SCENARIOS: Record<string, (stand: Stand, sizes: Sizes) => Promise<Figures>> = {
  "closed-loop": closedLoop,
  "open-loop": openLoop,
  voice,
  sustained,
  outage,
  starts,
  "two-processes": twoProcesses,
};
