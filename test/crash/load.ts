import { setTimeout as pause } from "node:timers/promises";
import { createRandom } from "../../sim/kit/random.ts";
import { createCallers, type Callers } from "./callers.ts";
import { createCustomers, type Customers, type Topic } from "./customers.ts";
import { recount, stuck, type Count } from "./recount.ts";
import type { Stage } from "./stage.ts";

export interface LoadPlan {
  customers: number;
  phones: number;
  seed: number;
}

/** Customers who write and callers who press 1, at the same time. */
export interface Load {
  /** Nobody begins anything new; waits until everything begun has come to its end, at most `mostMs`. Then recounts. */
  finish(mostMs: number): Promise<Count>;
}

let crowds = 0;

/** Starts the load. Every load has people of its own. */
export async function startLoad(stage: Stage, { customers, phones, seed }: LoadPlan): Promise<Load> {
  const topics = await topicsOf(stage);
  const crowd = crowds++ * 100_000;
  const writing: Customers = createCustomers(stage.whatsapp, topics, {
    count: customers,
    firstWaId: 79_250_000_000 + crowd,
  });
  const calling: Callers = createCallers(stage.twilio, createRandom(seed), {
    count: phones,
    firstWaId: 79_160_000_000 + crowd,
  });

  const isOver = async () => {
    if (!writing.askers.every((asker) => asker.isContent())) return false;
    if (calling.callers.some(({ phone }) => phone.endedAt === null && !phone.inQueue)) return false;
    const { inbox, sends, offers, bursts } = await stuck(stage);
    return inbox + sends + offers + bursts === 0;
  };

  return {
    async finish(mostMs) {
      writing.stop();
      calling.stop();
      await until(isOver, mostMs);
      const count = () => recount(stage, writing.askers, calling.callers);
      let counted = await count();
      // A receipt may come in just then, a caller be on the way out of the queue; what is stuck stays so.
      const isStill = () => counted.stuckRows + counted.nowhere === 0;
      await until(async () => {
        if (!isStill()) counted = await count();
        return isStill();
      }, STUCK_AFTER_MS);
      return counted;
    },
  };
}

const STUCK_AFTER_MS = 10_000;
const LOOK_EVERY_MS = 100;

/** Looks again and again until it is so; false when the time is over. */
export async function until(isSo: () => boolean | Promise<boolean>, mostMs: number): Promise<boolean> {
  const from = performance.now();
  while (performance.now() - from < mostMs) {
    if (await isSo()) return true;
    await pause(LOOK_EVERY_MS);
  }
  return isSo();
}

const TOPICS = `
  select examples -> 'ru' ->> 1 as question, answers ->> 'ru' as answer from intent where action is null order by code`;

/** What the bot surely answers: questions in the very words it has learnt. */
async function topicsOf({ query }: Stage): Promise<Topic[]> {
  const topics = await query<Topic>(TOPICS);
  if (topics.length < 2) throw new Error("The bot knows too few answers to tell one question's from the next one's.");
  return topics;
}
