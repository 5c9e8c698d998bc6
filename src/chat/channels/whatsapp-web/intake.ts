import { messageOf, millis, type Clock } from "#kit";
import type { ChannelEvent } from "../../channel.ts";
import type { Log } from "./line.ts";

/** Keeps what a line has heard until it is stored: WhatsApp was told that we have it and will not say it again. */
export interface Intake {
  /** Resolves when the events are stored. */
  deliver(events: ChannelEvent[]): Promise<void>;
  /** Resolves when nothing waits to be stored. */
  idle(): Promise<void>;
}

const TRY_AGAIN = millis(500);

/** Stores in the order of arrival, and goes on trying while the database is away. */
export function createIntake(deps: { store(events: ChannelEvent[]): Promise<void>; clock: Clock; log: Log }): Intake {
  const { store, clock, log } = deps;
  let waiting: ChannelEvent[] = [];
  let work: Promise<void> = Promise.resolve();

  async function storeAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting;
      waiting = [];
      try {
        await store(batch);
      } catch (error) {
        waiting = [...batch, ...waiting];
        log.error(
          { waiting: waiting.length, error: messageOf(error) },
          "what a WhatsApp Web line heard is not stored yet",
        );
        await new Promise<void>((resolve) => clock.after(TRY_AGAIN, resolve));
      }
    }
  }

  return {
    deliver(events) {
      waiting.push(...events);
      work = work.then(storeAll);
      return work;
    },
    idle: () => work,
  };
}
