import { join } from "node:path";
import type { Random } from "../../sim/kit/random.ts";
import { startBalancer } from "../support/balancer.ts";
import { freePort } from "../support/free-port.ts";
import { createProgram, type Program } from "./program.ts";

type Role = "both" | "web" | "worker";

/** Which processes share the work. */
export const CREWS = {
  two: ["both", "both"],
  "web-and-worker": ["web", "worker"],
} as const satisfies Record<string, Role[]>;

/** Several processes on one database behind a balancer, seen as one program. */
export interface Crew {
  /** Whoever kills it kills one of them, chosen by chance; whoever starts it starts that one again. */
  program: Program;
  /** Where providers reach it; known before anybody starts. */
  url: string;
  close(): Promise<void>;
}

interface CrewPlan {
  roles: readonly Role[];
  /** What all of them are told. */
  env: (url: string) => Record<string, string>;
  folder: string;
  random: Random;
}

export async function openCrew({ roles, env, folder, random }: CrewPlan): Promise<Crew> {
  const ports = await Promise.all(roles.map(() => freePort()));
  const balancer = await startBalancer(ports.filter((_port, i) => roles[i] !== "worker"));
  const all = roles.map((role, i) =>
    createProgram({
      port: ports[i]!,
      env: { ...env(balancer.url), PORT: String(ports[i]), DETOUR_ROLE: role },
      logFile: join(folder, `${role}-${i}.log`),
    }),
  );
  let victim: Program | null = null;

  const program: Program = {
    url: balancer.url,
    async start() {
      if (victim) return victim.start();
      const times: number[] = [];
      for (const one of all) times.push(await one.start());
      await balancer.ready(roles.filter((role) => role !== "worker").length);
      return Math.max(...times);
    },
    spawn: () => victim?.spawn(),
    async kill() {
      victim = all[random.below(all.length)]!;
      await victim.kill();
    },
    stop: async () => (await Promise.all(all.map((one) => one.stop()))).find((code) => code !== 0) ?? 0,
    get ownDeaths() {
      return all.reduce((sum, { ownDeaths }) => sum + ownDeaths, 0);
    },
    lastWords: () => all.map((one) => one.lastWords()).join("\n--\n"),
    errors: () => sumOf(all.map((one) => one.errors())),
  };
  return {
    program,
    url: balancer.url,
    async close() {
      await Promise.all(all.map((one) => one.kill()));
      await balancer.close();
    },
  };
}

function sumOf(counts: Record<string, number>[]): Record<string, number> {
  const sum: Record<string, number> = {};
  for (const [what, n] of counts.flatMap(Object.entries) as [string, number][]) sum[what] = (sum[what] ?? 0) + n;
  return sum;
}
