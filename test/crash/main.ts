import { parseArgs } from "node:util";
import { createRandom } from "../../sim/kit/random.ts";
import { startLoad } from "./load.ts";
import { openStage, type Processes } from "./stage.ts";
import { storm } from "./storm.ts";
import { verdict } from "./verdict.ts";

/** `node test/crash/main.ts --kills 200 --seed 1 --outage-every 10`: prints what was counted; fails when a promise broke. */
const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "200" },
    seed: { type: "string", default: "1" },
    customers: { type: "string", default: "30" },
    phones: { type: "string", default: "6" },
    /** `one`, `two` or `web-and-worker`. */
    processes: { type: "string", default: "one" },
    /** The messenger's API goes down for two seconds round every so many kills. */
    "outage-every": { type: "string", default: "10" },
  },
});
const seed = Number(values.seed);
const kills = Number(values.kills);
const say = (line: string) => void process.stdout.write(`${line}\n`);

const from = performance.now();
const stage = await openStage({}, { processes: values.processes as Processes, seed });
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => void stage.close().finally(() => process.exit(1)));
try {
  const load = await startLoad(stage, { customers: Number(values.customers), phones: Number(values.phones), seed });
  const onKill = (done: number) => void (done % 10 === 0 && say(`${done} of ${kills} kills, ${seconds(from)} s`));
  const { starts } = await storm(stage, {
    kills,
    random: createRandom(seed),
    outageEvery: Number(values["outage-every"]),
    onKill,
  });
  const stoppedAt = performance.now();
  const count = await load.finish(120_000);

  const sorted = starts.toSorted((a, b) => a - b);
  say(
    JSON.stringify({
      processes: values.processes,
      kills,
      seed,
      seconds: seconds(from),
      drainedIn: seconds(stoppedAt),
      readyMs: { median: sorted[sorted.length >> 1], worst: sorted.at(-1) },
    }),
  );
  say(JSON.stringify(count, null, 2));
  const broken = verdict(count, starts, stage.program);
  say(broken.length === 0 ? "Every promise was kept." : `Broken: ${broken.join(" ")}`);
  say(JSON.stringify({ errorsLogged: stage.program.errors() }, null, 2));
  process.exitCode = broken.length === 0 ? 0 : 1;
} finally {
  await stage.close();
}

function seconds(since: number): number {
  return Math.round((performance.now() - since) / 1000);
}
