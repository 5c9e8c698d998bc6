import { DatabaseGone, createBatcher, type Database, type Wakes } from "#db";
import { millis, type Clock } from "#kit";
import type { Channel, ChannelEvent } from "./channel.ts";
import type { Ids } from "./ids.ts";
import { insertInbox, type NewInboxRow } from "./inbox-store.ts";
import type { ChatWatch } from "./watch.ts";

interface Deps {
  front: Database;
  clock: Clock;
  wakes: Wakes;
  ids: Ids;
  watch: ChatWatch;
}

const MOST_IN_A_BATCH = 200;
const MOST_WAITING = 5000;
/** Providers must hear "try again" within two seconds. */
const PATIENCE = millis(1800);

/** The one door by which news of providers come in: stored when it resolves, worked on later. */
export type Keep = (channel: Channel, events: ChannelEvent[]) => Promise<void>;

/** Stores what comes at the same time in one statement. Rejects when the database keeps silent or too much waits. */
export function createIntake({ front, clock, wakes, ids, watch }: Deps): Keep {
  const stored = createBatcher<NewInboxRow[], void>({
    run: async (news) => {
      await insertInbox(front, news.flat());
      wakes.wake("inbox");
      return news.map(() => undefined);
    },
    most: MOST_IN_A_BATCH,
    lanes: 1,
    full: MOST_WAITING,
    refuse: () => new DatabaseGone("More news of providers wait to be stored than can be kept in memory."),
  });

  return async (channel, events) => {
    if (events.length === 0) return;
    const receivedAt = clock.now();
    const rows = events.map((event) => ({ id: ids(), channel: channel.name, event, receivedAt }));
    await inTime(clock, stored.add(rows));
    watch.stored?.({ channel: channel.name, events: rows.map(idAndKind), began: receivedAt, ended: clock.now() });
    channel.stored?.(events);
  };
}

const idAndKind = ({ id, event: { kind } }: NewInboxRow) => ({ id, kind });

/** Rejects when the database keeps silent: storing may still succeed, and the repeat will be recognised. */
function inTime(clock: Clock, work: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(PATIENCE, () =>
      reject(new DatabaseGone("The database did not store a webhook in time.")),
    );
    work.then(resolve, reject).finally(cancel);
  });
}
