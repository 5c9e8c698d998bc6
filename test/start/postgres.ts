import { readFileSync, readdirSync, renameSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";

/** The hands of somebody who breaks the program's own PostgreSQL. */
export interface Saboteur {
  /** Every process of the server stands still; connections stay open and silent. */
  freeze(): void;
  thaw(): void;
  /** `kill -9`, and the disk is away, so that no start succeeds before `giveBack`. */
  kill(): Promise<void>;
  giveBack(): void;
  /** Asks the server itself, past the program. */
  ask<T extends object>(sql: string): Promise<T[]>;
}

export function createSaboteur(dataDir: string): Saboteur {
  const data = join(dataDir, "postgres");
  const away = join(dataDir, "postgres.away");
  const postmaster = () => Number(readFileSync(join(data, "postmaster.pid"), "utf8").split("\n")[0]);
  let frozen: number[] = [];

  return {
    freeze() {
      const first = postmaster();
      process.kill(first, "SIGSTOP");
      frozen = [first, ...childrenOf(first)];
      for (const pid of frozen) process.kill(pid, "SIGSTOP");
    },
    thaw() {
      for (const pid of frozen.splice(0)) if (isAlive(pid)) process.kill(pid, "SIGCONT");
    },
    async kill() {
      const first = postmaster();
      const others = childrenOf(first);
      renameSync(data, away);
      process.kill(first, "SIGKILL");
      while (others.some(isAlive)) await pause(10);
    },
    giveBack: () => renameSync(away, data),
    async ask<T extends object>(sql: string): Promise<T[]> {
      const client = new pg.Client({ host: join(dataDir, "sockets"), user: "detour", database: "detour" });
      client.on("error", () => {});
      await client.connect();
      try {
        return (await client.query<T>(sql)).rows;
      } finally {
        await client.end();
      }
    },
  };
}

const stat = (pid: number | string) => {
  try {
    const [, state, parent] = /\) (\S) (\d+)/.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))!;
    return { state: state!, parent: Number(parent) };
  } catch {
    return null;
  }
};

const isAlive = (pid: number) => !["Z", undefined].includes(stat(pid)?.state);

const childrenOf = (parent: number) =>
  readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name) && stat(name)?.parent === parent)
    .map(Number);
