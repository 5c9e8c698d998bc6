import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Figures } from "./goals.ts";
import { startProgram } from "./processes.ts";

/** From the command to "ready" with a PostgreSQL of its own: an empty data folder, then the same one again. */
export async function starts(): Promise<Figures> {
  const folder = mkdtempSync(join(tmpdir(), "detour-start-"));
  const first = await timeToReady(folder);
  const next = await timeToReady(folder);
  rmSync(folder, { recursive: true });
  return { "start.first": first, "start.next": next };
}

async function timeToReady(folder: string): Promise<number> {
  const began = performance.now();
  const env = { DATA_DIR: folder, DATABASE_URL: "", PORT: "0", HOST: "127.0.0.1", LOG_LEVEL: "warn" };
  const program = startProgram(new URL("../src/main.ts", import.meta.url).pathname, env, /Detour is ready/);
  await program.ready;
  const seconds = (performance.now() - began) / 1000;
  await program.stop();
  return seconds;
}
