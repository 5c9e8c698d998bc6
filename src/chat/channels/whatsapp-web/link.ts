import { Worker as Thread } from "node:worker_threads";
import { seconds, type Clock } from "#kit";
import { NOT_INSTALLED } from "./core/line.ts";
import { connect } from "./worker/calls.ts";
import type { Host, Start, Worker } from "./worker/protocol.ts";

/** One linked browser: the library in a thread of its own. */
export interface Link extends Omit<Worker, "unlink"> {
  /** Ends the thread at once, whatever the library still does; with `unlink` it first tells the server to forget us. */
  end(options?: { unlink: boolean }): Promise<void>;
}

const LARGEST_HEAP_MB = 256;
/** How long that may take. */
const GOODBYE = seconds(2);
const CRASHED = 500;

/**
 * Starts the thread. It gets neither our environment nor the database: the library once let strangers inject messages,
 * leaves rejections unhandled and prints private keys to the console. What it prints is thrown away, and when it
 * falls the line is closed, not the hotline.
 */
export function openLink(start: Start, host: Host, clock: Clock): Link {
  const thread = new Thread(new URL("./worker/main.ts", import.meta.url), {
    workerData: start,
    env: {},
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: LARGEST_HEAP_MB },
  });
  thread.stdout.resume();
  thread.stderr.resume();
  thread.unref();
  let over = false;
  const told = { ...host, closed: close };
  const { theirs, lost } = connect<Worker>(thread, told);

  async function close(how: Parameters<Host["closed"]>[0]) {
    if (over) return;
    over = true;
    lost("the line is closed");
    void thread.terminate();
    await host.closed(how);
  }
  const fell = (code: number) => void close({ code, paired: start.credentials !== null });
  thread.on("error", (error: { code?: string }) =>
    fell(error.code === "ERR_MODULE_NOT_FOUND" ? NOT_INSTALLED : CRASHED),
  );
  thread.on("exit", () => fell(CRASHED));

  return {
    lookUp: (number) => theirs.lookUp(number),
    send: (message) => theirs.send(message),
    acknowledge: (read) => theirs.acknowledge(read),
    async end(options = { unlink: false }) {
      if (over) return;
      over = true;
      if (options.unlink) await Promise.race([theirs.unlink().catch(() => {}), later(clock)]);
      lost("the line is closed");
      await thread.terminate();
    },
  };
}

const later = (clock: Clock) => new Promise<void>((resolve) => clock.after(GOODBYE, resolve));
