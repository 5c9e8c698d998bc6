import type { Clock, Millis } from "#kit";

/** Keeps many pieces of work under way without waiting for the slowest of them. */
export interface Flow {
  /** How many more may be started. */
  room(): number;
  busy(): boolean;
  start(work: Promise<void>): void;
  /** Says that there may be more to take up. */
  ring(): void;
  /** True when it is worth looking for more: nothing is under way, somebody rang, or a backlog meets much room. */
  shouldLook(): boolean;
  /** What the last look found: a full catch means there is more. */
  looked(found: { all: boolean }): void;
  /** Resolves when something has ended or somebody rings. */
  change(): Promise<void>;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
}

/** At most `most` under way; what falls due by itself meanwhile is looked for every `lookAgain`. */
export function createFlow(most: number, lookAgain: Millis, clock: Clock): Flow {
  let underWay = 0;
  let rung = false;
  let backlog = false;
  let listeners: (() => void)[] = [];

  const tell = () => {
    const waiting = listeners;
    listeners = [];
    for (const run of waiting) run();
  };
  const ring = () => {
    rung = true;
    tell();
  };
  const flow: Flow = {
    room: () => most - underWay,
    busy: () => underWay > 0,
    start(work) {
      underWay += 1;
      void work.finally(() => {
        underWay -= 1;
        tell();
      });
    },
    ring,
    shouldLook: () => underWay === 0 || (underWay < most && (rung || (backlog && underWay <= most / 2))),
    looked({ all }) {
      rung = false;
      backlog = !all;
    },
    change: () =>
      new Promise((resolve) => {
        const cancel = clock.after(lookAgain, ring);
        listeners.push(() => {
          cancel();
          resolve();
        });
      }),
    async idle() {
      while (flow.busy()) await flow.change();
    },
  };
  return flow;
}

/** One round of a pump that feeds a flow: takes up what fits, else waits for a change. 0 when all is done. */
export async function feed<Item>(
  flow: Flow,
  take: (most: number) => Promise<Item[]>,
  begin: (item: Item) => Promise<void>,
): Promise<number> {
  if (!flow.shouldLook()) {
    await flow.change();
    return 1;
  }
  const most = flow.room();
  flow.looked({ all: true });
  const items = await take(most);
  if (items.length >= most) flow.looked({ all: false });
  for (const item of items) flow.start(begin(item));
  return items.length > 0 || flow.busy() ? 1 : 0;
}
