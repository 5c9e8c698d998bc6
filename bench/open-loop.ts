import { createCustomers } from "./conversation-load.ts";
import type { Figures, Sizes } from "./goals.ts";
import { percentile } from "./numbers.ts";
import type { Stand } from "./stand.ts";

/** Customers write at an even rate and do not wait for anybody: what each of them feels. */
export async function openLoop(stand: Stand, { openLoop: size }: Sizes): Promise<Figures> {
  const detour = await stand.startDetour();
  const load = createCustomers(detour.provider, size.people);
  await load(size.perSecond, size.warmUpSeconds);
  const seen = await load(size.perSecond, size.seconds);
  await detour.stop();
  return {
    "open.ack-p50": percentile(seen.ackMs, 50),
    "open.ack-p99": percentile(seen.ackMs, 99),
    "open.reply-p50": percentile(seen.replyMs, 50),
    "open.reply-p99": percentile(seen.replyMs, 99),
    "open.errors": seen.refused + seen.unanswered,
  };
}
