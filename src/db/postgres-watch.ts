import { millis, seconds, type Clock, type Millis } from "#kit";
import type pg from "pg";

interface Watched {
  /** Starts the server unless it answers. */
  ensure(): Promise<void>;
  /** A connection held for as long as the server lives. */
  hold(): Promise<pg.Client>;
}

const FIRST_PAUSE = millis(100);
const LONGEST_PAUSE = seconds(1);

/**
 * Holds a connection, and when it ends starts the server again, as often as it takes. What a killed server leaves
 * behind may stand in the way of the next one for a moment, so failures are tried again with longer pauses.
 */
export async function keepRunning(server: Watched, clock: Clock): Promise<{ stop(): Promise<void> }> {
  let stopping = false;
  let mending = Promise.resolve();
  let held = watch(await server.hold());

  function watch(client: pg.Client): pg.Client {
    client.once("end", () => {
      if (!stopping) mending = mend();
    });
    return client;
  }

  async function mend() {
    for (let pause = FIRST_PAUSE; !stopping; pause = millis(Math.min(2 * pause, LONGEST_PAUSE))) {
      try {
        await server.ensure();
        held = watch(await server.hold());
        return;
      } catch {
        await passing(clock, pause);
      }
    }
  }

  return {
    async stop() {
      stopping = true;
      await mending;
      await held.end().catch(() => {});
    },
  };
}

const passing = (clock: Clock, pause: Millis) => new Promise<void>((resolve) => void clock.after(pause, resolve));
