import { parseArgs } from "node:util";
import { isClean } from "./counts.ts";
import { runFleet } from "./fleet.ts";

/** `node sim/fleet/main.ts [--calls 100000] [--seed 1] [--commit-level delivered]`: exit code 1 when a promise broke. */
const { values } = parseArgs({
  options: {
    calls: { type: "string", default: "100000" },
    seed: { type: "string", default: "1" },
    "commit-level": { type: "string", default: "delivered" },
  },
});

const commitLevel = values["commit-level"] === "sent" ? "sent" : "delivered";
const started = performance.now();
const counts = runFleet({ calls: Number(values.calls), seed: Number(values.seed), commitLevel });
const clean = isClean(counts, commitLevel);

process.stdout.write(
  `${JSON.stringify({ ...counts, slowestDecisionMs: Math.round(counts.slowestDecisionMs) }, null, 2)}\n`,
);
process.stdout.write(
  `seed ${values.seed}, commit level ${commitLevel}: ${counts.calls} calls in ${((performance.now() - started) / 1000).toFixed(1)} s: ` +
    `${counts.wrongHangUps} wrong hang-ups, ${counts.lostPlaces} lost places. ${clean ? "Every promise held." : "A promise broke."}\n`,
);
process.exitCode = clean ? 0 : 1;
