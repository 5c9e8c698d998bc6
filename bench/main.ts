import { parseArgs } from "node:util";
import { closedLoop } from "./closed-loop.ts";
import { SIZES, type Figures, type Sizes } from "./goals.ts";
import { openLoop } from "./open-loop.ts";
import { outage } from "./outage.ts";
import { machine, tableOf, writeResults } from "./report.ts";
import { openStand, type Stand } from "./stand.ts";
import { starts } from "./starts.ts";
import { sustained } from "./sustained.ts";
import { twoProcesses } from "./two-processes.ts";
import { voice } from "./voice.ts";

const SCENARIOS: Record<string, (stand: Stand, sizes: Sizes) => Promise<Figures>> = {
  "closed-loop": closedLoop,
  "open-loop": openLoop,
  voice,
  sustained,
  outage,
  starts,
  "two-processes": twoProcesses,
};

const { values, positionals } = parseArgs({
  options: { quick: { type: "boolean", default: false } },
  allowPositionals: true,
});
const chosen = positionals.length > 0 ? positionals : Object.keys(SCENARIOS);
const unknown = chosen.filter((name) => !(name in SCENARIOS));
if (unknown.length > 0) {
  console.error(
    `There is no scenario ${unknown.join(", ")}. Choose from ${Object.keys(SCENARIOS).join(", ")}; add --quick for short rounds.`,
  );
  process.exit(2);
}

const sizes = SIZES[values.quick ? "quick" : "full"];
const figures: Figures = {};
const stand = await openStand();
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void stand.close().then(() => process.exit(130)));
try {
  for (const name of chosen) {
    console.log(`${name} …`);
    Object.assign(figures, await SCENARIOS[name]!(stand, sizes));
  }
} finally {
  await stand.close();
}

const command = ["node bench/main.ts", ...process.argv.slice(2)].join(" ");
const { cpu, cores, memoryGiB, node } = machine();
console.log(
  `\n${command}: ${cpu}, ${cores} cores, ${memoryGiB} GiB, Node ${node}\n\n${tableOf(figures)}\n\nWritten to ${writeResults(figures, command)}`,
);
process.exit(0);
