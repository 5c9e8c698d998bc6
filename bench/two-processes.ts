import { availableParallelism } from "node:os";
import { inWords, runLoop, type Round } from "./closed-loop.ts";
import type { Figures, Sizes } from "./goals.ts";
import { median } from "./numbers.ts";
import { CORE, pin, startProgram } from "./processes.ts";
import { freePort, type Stand, type Tested } from "./stand.ts";

const MAIN = new URL("../src/main.ts", import.meta.url).pathname;
const ALL_CORES = `0-${availableParallelism() - 1}`;

/**
 * One process and two take turns on one database, webhooks going to both in turn. Programs, database and load may use every
 * core, as two processes would have them in life: with two cores in all there is little left to win.
 */
export async function twoProcesses(stand: Stand, { closedLoop: size }: Sizes): Promise<Figures> {
  const first = await stand.startDetour();
  for (const pid of [first.pid, stand.postmaster, process.pid]) pin(pid, ALL_CORES);
  const rounds: { one: Round; two: Round }[] = [];
  for (let i = 0; i < size.rounds; i++) {
    const one = await runLoop(stand, { ...first, pids: [first.pid] }, size);
    const two = await withSecond(first, (pid) => runLoop(stand, { ...first, pids: [first.pid, pid] }, size));
    console.log(`  round ${i + 1}: one ${inWords(one)}; two ${inWords(two)}`);
    rounds.push({ one, two });
  }
  await first.stop();
  pin(stand.postmaster, CORE.tested);
  pin(process.pid, CORE.load);
  const middle = (pick: (round: (typeof rounds)[number]) => number) => median(rounds.map(pick));
  return {
    "two.ratio": middle(({ one, two }) => two.messagesPerSecond / one.messagesPerSecond),
    "two.one": middle(({ one }) => one.messagesPerSecond),
    "two.two": middle(({ two }) => two.messagesPerSecond),
    "two.errors": rounds.reduce((sum, { one, two }) => sum + one.errors + two.errors, 0),
  };
}

/** While a second process shares the work. */
async function withSecond<T>({ env, provider }: Tested, run: (pid: number) => Promise<T>): Promise<T> {
  const port = String(await freePort());
  const second = startProgram(MAIN, { ...env, PORT: port, DRAIN_SECONDS: "0" }, /Detour is ready/);
  await second.ready;
  const pid = second.child.pid!;
  pin(pid, ALL_CORES);
  const alone = provider.webhooks;
  provider.webhooks = [...alone, `http://127.0.0.1:${port}/channels/whatsapp-cloud/webhook`];
  try {
    return await run(pid);
  } finally {
    provider.webhooks = alone;
    await second.stop();
  }
}
