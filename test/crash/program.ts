import { spawn, type ChildProcess } from "node:child_process";
import { createWriteStream, readFileSync } from "node:fs";
import { once } from "node:events";
import { get } from "node:http";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));
const ASK_EVERY_MS = 20;
const LONGEST_START_MS = 60_000;

/** The real program in a process of its own: started with an environment and nothing else, killed without a word. */
export interface Program {
  readonly url: string;
  /** Starts it and waits until `/readyz` says yes. Answers how long that took from the spawn. */
  start(): Promise<number>;
  /** Starts it and waits for nothing. */
  spawn(): void;
  /** `kill -9`; resolves when the process is gone. */
  kill(): Promise<void>;
  /** Asks it to stop, as a service manager does; resolves with the exit code. */
  stop(): Promise<number | null>;
  /** How often it ended although nobody ended it. */
  readonly ownDeaths: number;
  /** The last lines it wrote, for whoever looks for the reason of a failure. */
  lastWords(): string;
  /** How often each sentence was logged as an error. */
  errors(): Record<string, number>;
}

export function createProgram({
  port,
  env,
  logFile,
}: {
  port: number;
  env: Record<string, string>;
  logFile: string;
}): Program {
  const url = `http://127.0.0.1:${port}`;
  const log = createWriteStream(logFile, { flags: "a" });
  let child: ChildProcess | null = null;
  let wanted = false;
  let ownDeaths = 0;

  function begin(): void {
    wanted = true;
    const born = spawn(process.execPath, [MAIN], {
      env: { PATH: process.env["PATH"], ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    born.stdout.pipe(log, { end: false });
    born.stderr.pipe(log, { end: false });
    born.once("exit", () => {
      if (wanted && born === child) ownDeaths += 1;
    });
    child = born;
  }

  async function end(signal: NodeJS.Signals): Promise<number | null> {
    const dying = child;
    wanted = false;
    if (!dying || dying.exitCode !== null || dying.signalCode !== null) return dying?.exitCode ?? null;
    const gone = once(dying, "exit");
    dying.kill(signal);
    const [code] = (await gone) as [number | null];
    return code;
  }

  /** On a connection of its own: `fetch` may go on waiting on those of the life before. */
  const isReady = () =>
    new Promise<boolean>((resolve) => {
      const asking = get(`${url}/readyz`, { agent: false, timeout: 2000 }, (answer) => {
        answer.resume();
        resolve(answer.statusCode === 200);
      });
      asking.on("timeout", () => asking.destroy());
      asking.on("error", () => resolve(false));
    });

  /** With the reason it gave, which may come after its end. */
  async function notReady(): Promise<Error> {
    await pause(ASK_EVERY_MS * 10);
    return new Error(
      `The program did not become ready (exit code ${child?.exitCode}):\n${words().slice(-20).join("\n")}`,
    );
  }

  const words = () => readFileSync(logFile, "utf8").trim().split("\n");

  return {
    url,
    spawn: begin,
    async start() {
      const from = performance.now();
      begin();
      while (!(await isReady())) {
        if (child?.exitCode !== null || performance.now() - from > LONGEST_START_MS) throw await notReady();
        await pause(ASK_EVERY_MS);
      }
      return Math.round(performance.now() - from);
    },
    kill: async () => void (await end("SIGKILL")),
    stop: () => end("SIGTERM"),
    get ownDeaths() {
      return ownDeaths;
    },
    lastWords: () => words().slice(-40).join("\n"),
    errors: () => countErrors(words()),
  };
}

const ERROR = 50;
/** The addresses a start prints, and what does not work yet because the messenger is away. */
const WELCOME = /^(Detour is ready| {2}\S)/;

function countErrors(lines: string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const line of lines) {
    const { level, msg } = readLine(line);
    if (typeof level === "number" && level < ERROR) continue;
    const sentence = msg ?? line.slice(0, 160);
    if (!WELCOME.test(sentence)) counts[sentence] = (counts[sentence] ?? 0) + 1;
  }
  return counts;
}

function readLine(line: string): { level?: unknown; msg?: string } {
  try {
    return JSON.parse(line) as { level?: unknown; msg?: string };
  } catch {
    return {};
  }
}
