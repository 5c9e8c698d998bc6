import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "../support/free-port.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** The real program in a process of its own, with these settings and no others. */
export interface Program {
  url: string;
  child: ChildProcess;
  /** Everything it has written so far. */
  words(): string;
  /** Asks it to stop, as a service manager does; answers the exit code. */
  stop(): Promise<number | null>;
}

/** How a start ended that was refused. */
export interface Refusal {
  code: number | null;
  words: string;
}

type Env = Record<string, string>;

/** Starts the program and waits until it says that it is ready. */
export async function startProgram(env: Env): Promise<Program> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const child = launch({ HOST: "127.0.0.1", PORT: String(port), PUBLIC_URL: url, LOG_LEVEL: "warn", ...env });
  const words = listen(child);
  const ended = once(child, "exit").then(([code]) => code as number | null);
  while (!words().includes("Detour is ready")) {
    const news = await Promise.race([once(child.stdout!, "data").then(() => "words"), ended.then(() => "end")]);
    if (news === "end") throw new Error(`The program ended early:\n${words()}`);
  }
  return {
    url,
    child,
    words,
    stop() {
      child.kill("SIGTERM");
      return ended;
    },
  };
}

/** Starts the program and waits until it ends by itself. */
export async function refusedStart(env: Env, runBy: string[] = []): Promise<Refusal> {
  const child = launch({ HOST: "127.0.0.1", PORT: "0", LOG_LEVEL: "warn", ...env }, runBy);
  const words = listen(child);
  const tooLong = setTimeout(() => child.kill("SIGKILL"), 25_000);
  const [code] = (await once(child, "close")) as [number | null];
  clearTimeout(tooLong);
  return { code, words: words() };
}

/** Runs a program without root's right to pass over the modes of files; for anybody else, as it is. */
export const BOUND_BY_MODES =
  process.getuid?.() === 0 ? ["setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all"] : [];

function launch(env: Env, runBy: string[] = []): ChildProcess {
  const [command, ...args] = [...runBy, process.execPath, "src/main.ts"];
  return spawn(command, args, {
    cwd: ROOT,
    // Compiling the same sources again and again would be most of the work of these tests.
    env: { PATH: process.env["PATH"], NODE_COMPILE_CACHE: join(tmpdir(), "detour-compiled"), ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

function listen(child: ChildProcess): () => string {
  let words = "";
  for (const stream of [child.stdout!, child.stderr!])
    stream.on("data", (chunk: Buffer) => (words += chunk.toString()));
  return () => words;
}

/** A folder of its own in the place for temporary ones. */
export const newFolder = () => mkdtempSync(join(tmpdir(), "detour-start-"));
