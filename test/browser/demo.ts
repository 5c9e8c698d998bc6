import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../support/free-port.ts";

/** `npm start` as a newcomer runs it: a fresh data folder, no settings. */
export interface Demo {
  url: string;
  /** From the start of the process to the printed addresses, in milliseconds. */
  startedInMs: number;
  /** Ctrl-C, then waits. Answers the exit code. */
  stop(): Promise<number | null>;
}

export async function startDemo(
  folder = mkdtempSync(join(tmpdir(), "detour-demo-")),
): Promise<Demo & { folder: string }> {
  const port = await freePort();
  const env = {
    ...process.env,
    DATA_DIR: folder,
    PORT: String(port),
    LOG_LEVEL: "warn",
    TWILIO_ACCOUNT_SID: "",
    WHATSAPP_ACCESS_TOKEN: "",
  };
  const began = performance.now();
  const child = spawn("node", ["sim/start.ts"], { env, stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  let words = "";
  await new Promise<void>((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      words += chunk.toString();
      if (words.includes("Ctrl-C stops")) resolve();
    };
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    void ended.then((code) => reject(new Error(`The demo ended with ${code}:\n${words}`)));
  });
  return {
    url: `http://localhost:${port}`,
    startedInMs: performance.now() - began,
    folder,
    stop() {
      child.kill("SIGINT");
      return ended;
    },
  };
}

export const removeFolder = (folder: string) => rmSync(folder, { recursive: true, force: true });
