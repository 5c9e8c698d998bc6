import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** Programs under test run on core 0 with their database; the load runs on core 1. */
export const CORE = { tested: "0", load: "1" };

export interface Program {
  child: ChildProcess;
  /** Resolves when the program printed `ready`. */
  ready: Promise<void>;
  stop(): Promise<void>;
}

/** Starts a Node program on the tested core. What it said is told when it ends by itself. */
export function startProgram(file: string, env: Record<string, string>, ready: RegExp): Program {
  const child = spawn("taskset", ["-c", CORE.tested, process.execPath, file], {
    env: { ...process.env, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let words = "";
  const isReady = new Promise<void>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      words = (words + chunk.toString()).slice(-20_000);
      if (ready.test(words)) resolve();
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("exit", (code) => reject(new Error(`${file} ended with ${code}:\n${words}`)));
  });
  isReady.catch(() => {});
  return {
    child,
    ready: isReady,
    stop: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null || child.signalCode !== null) return resolve();
        child.on("exit", () => resolve());
        child.kill("SIGTERM");
      }),
  };
}

/** Moves a running process to a core; what it forks later stays there. */
export const pin = (pid: number, core: string) => void spawnSync("taskset", ["-acp", core, String(pid)]);

const TICKS_PER_SECOND = 100;

/** CPU seconds used so far by a process and all its descendants. */
export function cpuSeconds(pids: number[]): number {
  const ticks = pids.flatMap(family).map(ticksOf);
  return ticks.reduce((sum, n) => sum + n, 0) / TICKS_PER_SECOND;
}

/** Resident memory of one process in MiB. */
export function rssMiB(pid: number): number {
  const line = readFileSync(`/proc/${pid}/status`, "utf8").match(/VmRSS:\s+(\d+)/);
  return Number(line?.[1] ?? 0) / 1024;
}

function family(pid: number): number[] {
  const children = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((candidate) => parentOf(candidate) === pid);
  return [pid, ...children.flatMap(family)];
}

function stat(pid: number): string[] {
  try {
    return readFileSync(`/proc/${pid}/stat`, "utf8")
      .replace(/^.*\) /, "")
      .split(" ");
  } catch {
    return [];
  }
}

const parentOf = (pid: number) => Number(stat(pid)[1]);
/** User and system time, own and of children that already ended. */
const ticksOf = (pid: number) => [11, 12, 13, 14].reduce((sum, field) => sum + Number(stat(pid)[field] ?? 0), 0);
