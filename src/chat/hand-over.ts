import type { Clock, Instant } from "#kit";
import { recordEvents, type Database, type Tx, type Wakes } from "#db";
import type { Conduct } from "./conduct.ts";
import { save } from "./save.ts";
import { giveUp, type GivenUp } from "./settle-store.ts";
import { takeThreads } from "./thread-store.ts";
import { noChanges } from "./thread.ts";

interface Deps {
  back: Database;
  clock: Clock;
  wakes: Wakes;
  conduct: Conduct;
}

/**
 * Gives up messages of the robot's and gives their conversations to people. In a transaction of its own, for everybody
 * locks a conversation before its messages: a receipt that comes in just then waits, or has settled the message already.
 */
export function createHandOver({ back, clock, wakes, conduct }: Deps) {
  return async function handOver(lost: GivenUp[]): Promise<void> {
    await back.tx(async (tx) => {
      const changes = noChanges(clock.now());
      const threads = await takeThreads(tx, [...new Set(lost.map(({ conversationId }) => conversationId))]);
      const givenUp = await giveUp(
        tx,
        lost.map(({ id }) => id),
      );
      await recordUnknown(tx, givenUp, changes.at);
      for (const thread of threads) {
        const words = givenUp.filter(({ conversationId }) => conversationId === thread.id);
        for (const { at: saidAt } of words)
          conduct.tell(thread, { kind: "words-lost", at: changes.at, saidAt }, changes);
      }
      await save(tx, changes, conduct.rules(""));
    });
    for (const topic of ["outbox", "events", "conversations"] as const) wakes.wake(topic);
  };
}

/** Writes down that nobody will know what became of these. */
export const recordUnknown = (tx: Tx, givenUp: GivenUp[], now: Instant): Promise<void> =>
  recordEvents(
    tx,
    givenUp.map(({ id, conversationId, author }) => ({
      at: now,
      kind: "message.unknown",
      conversationId,
      data: { messageId: id, author },
    })),
  );
