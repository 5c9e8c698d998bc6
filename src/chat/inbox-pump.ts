import { messageOf, type Clock } from "#kit";
import { DatabaseGone, type Database, type Tx, type Wakes } from "#db";
import type { Pump } from "#jobs";
import { finish, noteFailure, pendingIn, takeLane, takeLanes, type InboxRow } from "./inbox-store.ts";
import type { TakeIn } from "./inbound.ts";
import { kindOf, type Log } from "./log.ts";
import type { Changes } from "./thread.ts";
import { takenIn, type ChatWatch } from "./watch.ts";

const MOST_LANES = 100;
const MOST_ROWS = 500;

interface Deps {
  back: Database;
  clock: Clock;
  wakes: Wakes;
  log: Log;
  takeIn: TakeIn;
  watch: ChatWatch;
  /** What has to follow a batch that is durable now. */
  follow(changes: Changes): void;
}

/** Drains the inbox: many lanes in one transaction; when that fails, one lane and one event at a time. */
export function createInboxPump({ back, clock, wakes, log, takeIn, watch, follow }: Deps): Pump {
  /** The lane the last full batch ended with: whoever is behind it has waited longer than whoever comes again. */
  let turn = "";

  async function work(): Promise<number> {
    let lanes: string[] = [];
    try {
      return await batch(async (tx) => {
        lanes = await nextLanes(tx);
        return lanes.length === 0 ? [] : await pendingIn(tx, lanes, MOST_ROWS);
      });
    } catch (error) {
      if (error instanceof DatabaseGone || lanes.length === 0) throw error;
      log.warn({ lanes: lanes.length, error: kindOf(error) }, "a batch of events failed and is tried one by one");
      let done = 0;
      for (const lane of lanes) done += await drainLane(lane);
      return done;
    }
  }

  /** In turn, so that a backlog is worked through evenly; from the beginning again when the end has been reached. */
  async function nextLanes(tx: Tx): Promise<string[]> {
    const lanes = await takeLanes(tx, turn, MOST_LANES);
    const isOver = turn !== "" && lanes.length === 0;
    turn = lanes.length < MOST_LANES ? "" : lanes.at(-1)!;
    return isOver ? nextLanes(tx) : lanes;
  }

  async function batch(choose: (tx: Tx) => Promise<InboxRow[]>): Promise<number> {
    const outcome = await back.tx(async (tx) => {
      const rows = await choose(tx);
      if (rows.length === 0) return null;
      const now = clock.now();
      const changes = await takeIn(tx, rows, now);
      await finish(tx, rows, now);
      return { rows, changes, began: now };
    });
    if (!outcome) return 0;
    const { rows, changes, began } = outcome;
    watch.tookIn?.({ events: takenIn(rows, changes), began, ended: clock.now() });
    tell(changes);
    return rows.length;
  }

  function tell(changes: Changes) {
    if (changes.messages.some(({ status }) => status === "queued")) wakes.wake("outbox");
    if (changes.media.length > 0) wakes.wake("media");
    if (changes.threads.size > 0) wakes.wake("events");
    follow(changes);
  }

  /** Stops at the first event that fails: those behind it keep their order. */
  async function drainLane(lane: string): Promise<number> {
    for (let done = 0; ; done += 1) {
      let first: InboxRow | undefined;
      try {
        const took = await batch(async (tx) => {
          const rows = (await takeLane(tx, lane)) ? await pendingIn(tx, [lane], 1) : [];
          first = rows[0];
          return rows;
        });
        if (took === 0) return done;
      } catch (error) {
        if (error instanceof DatabaseGone || !first) throw error;
        return done + (await countFailure(first, error));
      }
    }
  }

  async function countFailure(row: InboxRow, error: unknown): Promise<number> {
    const setAside = await back.tx((tx) => noteFailure(tx, row, messageOf(error), clock.now()));
    log.error({ event: row.event.kind, id: row.id, error: kindOf(error), setAside }, "an event could not be worked on");
    return setAside ? 1 : 0;
  }

  return { name: "inbox", wokenBy: ["inbox"], work, nextDueAt: async () => null };
}
