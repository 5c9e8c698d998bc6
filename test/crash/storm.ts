import { setTimeout as pause } from "node:timers/promises";
import type { Random } from "../../sim/kit/random.ts";
import type { Stage } from "./stage.ts";

export interface StormPlan {
  kills: number;
  random: Random;
  /** The messenger's API is down for two seconds round every so many kills; 0 for never. */
  outageEvery?: number;
  /** Told after every kill. */
  onKill?: (done: number) => void;
}

/** How long it took from the spawn to `/readyz`, for every start that lived so long. */
export interface StormReport {
  starts: number[];
}

/** Every eighth life ends while it is still starting; every seventh is long enough to settle what the last ones left. */
const EARLY_DEATH_EVERY = 8;
const LONG_LIFE_EVERY = 7;
const LIFE_MS = { short: [60, 1500], long: [5500, 7000], early: [50, 900] } as const;
const OUTAGE_MS = 2000;

/** Kills the program at moments nobody can foresee and starts it again. Leaves it running. */
export async function storm(stage: Pick<Stage, "program" | "whatsapp">, plan: StormPlan): Promise<StormReport> {
  const { program, whatsapp } = stage;
  const { kills, random, outageEvery = 0, onKill = () => {} } = plan;
  const starts: number[] = [];
  const within = ([least, most]: readonly [number, number]) => least + random.below(most - least);

  for (let done = 1; done <= kills; done += 1) {
    await pause(within(done % LONG_LIFE_EVERY === 0 ? LIFE_MS.long : LIFE_MS.short));
    if (outageEvery > 0 && done % outageEvery === 0) await breakApi(whatsapp, within([100, OUTAGE_MS - 100]));
    await program.kill();
    onKill(done);
    if (done < kills && (done + 1) % EARLY_DEATH_EVERY === 0) {
      program.spawn();
      await pause(within(LIFE_MS.early));
      await program.kill();
      onKill((done += 1));
    }
    starts.push(await program.start());
  }
  return { starts };
}

/** The API goes down for two seconds; resolves when `forMs` of them are over. */
export async function breakApi({ faults }: Stage["whatsapp"], forMs = OUTAGE_MS): Promise<void> {
  faults.api.down = true;
  setTimeout(() => (faults.api.down = false), OUTAGE_MS);
  await pause(forMs);
}
