import type { Clock } from "#kit";
import { ask } from "./ask.ts";
import type { OtherClock } from "./core/judge.ts";

/** The time other servers tell with their answers; those that are silent are left out. */
export async function clocksOf(urls: string[], clock: Clock): Promise<OtherClock[]> {
  const found = await Promise.all([...new Set(urls)].map((url) => clockOf(url, clock)));
  return found.filter((other) => other !== null);
}

async function clockOf(url: string, clock: Clock): Promise<OtherClock | null> {
  const began = clock.now();
  const asked = await ask(url, { method: "HEAD" });
  if (asked.kind === "failed" || asked.date === null) return null;
  return { name: new URL(url).host, aheadMs: (began + clock.now()) / 2 - asked.date, isCoarse: true };
}
