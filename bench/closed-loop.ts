import { numberOf } from "./conversation-load.ts";
import type { Figures, Sizes } from "./goals.ts";
import { median, pause } from "./numbers.ts";
import { cpuSeconds } from "./processes.ts";
import { question } from "./questions.ts";
import type { Stand, Tested } from "./stand.ts";

/** What one run of the loop has shown. */
export interface Round {
  messagesPerSecond: number;
  /** CPU seconds per 1,000 messages answered: the program with its database, and the program alone. */
  cpu: number;
  cpuApp: number;
  errors: number;
}

type Size = Sizes["closedLoop"];

/**
 * The programs take turns, so that what else the machine does falls on both. The bare program begins each round with an
 * empty database: its plain statements slow down as its tables grow (2,700 to 1,100 msg/s within 80,000 messages), and a
 * yardstick must not shrink. Detour keeps its database and its conversations.
 */
export async function closedLoop(stand: Stand, { closedLoop: size }: Sizes): Promise<Figures> {
  const detour = await stand.startDetour();
  const rounds: { bare: Round; detour: Round }[] = [];
  for (let i = 0; i < size.rounds; i++) {
    const bare = await stand.startBare();
    const round = {
      bare: await runLoop(stand, { ...bare, pids: [bare.pid] }, size),
      detour: await runLoop(stand, { ...detour, pids: [detour.pid] }, size),
    };
    await bare.stop();
    console.log(`  round ${i + 1}: bare ${inWords(round.bare)}; Detour ${inWords(round.detour)}`);
    rounds.push(round);
  }
  await detour.stop();
  const middle = (pick: (round: (typeof rounds)[number]) => number) => median(rounds.map(pick));
  return {
    "loop.ratio": middle((round) => round.detour.messagesPerSecond / round.bare.messagesPerSecond),
    "loop.detour": middle((round) => round.detour.messagesPerSecond),
    "loop.bare": middle((round) => round.bare.messagesPerSecond),
    "loop.cpu": middle((round) => round.detour.cpu),
    "loop.cpu-app": middle((round) => round.detour.cpuApp),
    "loop.cpu-bare": middle((round) => round.bare.cpu),
    "loop.errors": rounds.reduce((sum, round) => sum + round.detour.errors, 0),
  };
}

/** One round in a line. */
export const inWords = ({ messagesPerSecond, cpu }: Round) =>
  `${messagesPerSecond.toFixed(0)} msg/s at ${cpu.toFixed(2)} s per 1,000`;

/** Whenever a reply comes the next customer writes; many customers keep the pace towards one of them out of the way. */
export async function runLoop(
  stand: Pick<Stand, "postmaster">,
  { provider, pids }: { provider: Tested["provider"]; pids: number[] },
  { inFlight, people, warmUpMs, runMs }: Size,
): Promise<Round> {
  let turn = 0;
  let answered = 0;
  let errors = 0;
  let stopped = false;
  const write = () => {
    const person = turn % people;
    const text = question(person, Math.floor(turn++ / people));
    provider.write(numberOf(person), text).catch(() => errors++);
  };
  provider.onReply = () => {
    answered++;
    if (!stopped) write();
  };
  for (let i = 0; i < inFlight; i++) write();

  await pause(warmUpMs);
  const meter = () => ({
    answered,
    at: performance.now(),
    cpu: cpuSeconds([...pids, stand.postmaster]),
    cpuApp: cpuSeconds(pids),
  });
  const before = meter();
  await pause(runMs);
  const after = meter();
  stopped = true;
  for (let waited = 0; answered < turn && waited < 3000; waited += 50) await pause(50);

  const messages = after.answered - before.answered;
  return {
    messagesPerSecond: (messages / (after.at - before.at)) * 1000,
    cpu: ((after.cpu - before.cpu) / messages) * 1000,
    cpuApp: ((after.cpuApp - before.cpuApp) / messages) * 1000,
    errors: errors + (turn - answered),
  };
}
