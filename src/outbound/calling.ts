import { isOpen, nextOpening, type Brands } from "#company";
import type { Queries } from "#db";
import { instant, type Instant, type JsonObject } from "#kit";
import { callingSchedule, readRules } from "#router";

/** How the customers of one queue are called. */
export interface CallingRules {
  queue: string;
  /** An operator's phone is rung without being asked. */
  rings: boolean;
  isOpen: boolean;
  /** When customers may be called next; null when never. */
  opensAt: Instant | null;
}

/** The rules of every queue at this moment. A queue that has none is always open. */
export async function callingRules(
  queries: Queries,
  brands: Pick<Brands, "ofQueue">,
  now: Instant,
): Promise<CallingRules[]> {
  const queues = await queries.query<{ code: string; rules: JsonObject }>(QUEUES, [queries.tenant]);
  return queues.map(({ code, rules }) => {
    const read = readRules(rules);
    const schedule = callingSchedule(read, brands.ofQueue(code));
    return {
      queue: code,
      rings: read.callbacks.ring === "auto",
      isOpen: isOpen(schedule, now),
      opensAt: nextOpening(schedule, now),
    };
  });
}

/** When the first of the closed queues opens. */
export function firstOpening(rules: CallingRules[]): Instant | null {
  const openings = rules.flatMap(({ isOpen, opensAt }) => (isOpen || opensAt === null ? [] : [opensAt]));
  return openings.length === 0 ? null : instant(Math.min(...openings));
}

const QUEUES = "select code, rules from queue where tenant = $1";
