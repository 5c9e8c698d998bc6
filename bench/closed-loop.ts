import type { Provider } from "./provider.ts";
import { cpuSeconds } from "./processes.ts";

export interface LoopResult {
  messagesPerSecond: number;
  /** CPU seconds of the program and its database per 1,000 messages answered. */
  cpuPer1000: number;
}

/** Every customer writes again as soon as the reply came; a new customer each time keeps pair limits out of the way. */
export async function closedLoop(provider: Provider, pids: number[], options: { customers: number; warmUpMs: number; runMs: number }): Promise<LoopResult> {
  let next = 0;
  let answered = 0;
  let stopped = false;
  const customer = () => String(79_000_000_000 + (next++ % 20_000));

  provider.onReply = () => {
    answered++;
    if (!stopped) void provider.write(customer(), "where is my order").catch(() => {});
  };
  for (let i = 0; i < options.customers; i++) void provider.write(customer(), "where is my order").catch(() => {});

  await pause(options.warmUpMs);
  const before = { answered, cpu: cpuSeconds(pids), at: performance.now() };
  await pause(options.runMs);
  const messages = answered - before.answered;
  const result = {
    messagesPerSecond: (messages / (performance.now() - before.at)) * 1000,
    cpuPer1000: ((cpuSeconds(pids) - before.cpu) / messages) * 1000,
  };
  stopped = true;
  await pause(500);
  return result;
}

export const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));
