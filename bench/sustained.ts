import { createCustomers } from "./conversation-load.ts";
import type { Figures, Sizes } from "./goals.ts";
import { mean, percentile } from "./numbers.ts";
import { cpuSeconds, rssMiB } from "./processes.ts";
import type { Stand } from "./stand.ts";

/** A busy business number for a minute: turns of the bot, and three status webhooks for each. */
export async function sustained(stand: Stand, { sustained: size }: Sizes): Promise<Figures> {
  const detour = await stand.startDetour();
  const { provider, pid } = detour;
  provider.statuses = 3;
  const load = createCustomers(provider, size.people);
  await load(size.perSecond, size.warmUpSeconds);

  const memory: number[] = [];
  const before = cpuSeconds([pid, stand.postmaster]);
  const sampling = setInterval(() => memory.push(rssMiB(pid)), 500);
  const seen = await load(size.perSecond, size.seconds);
  clearInterval(sampling);
  const cpu = cpuSeconds([pid, stand.postmaster]) - before;
  const rss = rssMiB(pid);
  await detour.stop();

  const third = Math.floor(memory.length / 3);
  return {
    "sustained.ack-p99": percentile(seen.ackMs, 99),
    "sustained.reply-p50": percentile(seen.replyMs, 50),
    "sustained.reply-p99": percentile(seen.replyMs, 99),
    "sustained.errors": seen.refused + seen.unanswered + provider.statusErrors,
    "sustained.cpu": (cpu / seen.written) * 1000,
    "sustained.rss": rss,
    "sustained.growth": mean(memory.slice(-third)) - mean(memory.slice(0, third)),
  };
}
