import { millis, type Cancel, type Clock } from "#kit";
import type pg from "pg";
import type { Database } from "./database.ts";

/** What may have new work: somebody added rows of this kind. */
export type Topic =
  | "inbox"
  | "outbox"
  | "conversations"
  | "deflections"
  | "jobs"
  | "events"
  | "knowledge"
  | "connections";

/** Tells workers, here and in other processes, that there may be work. A hint only: everybody also polls. */
export interface Wakes {
  wake(topic: Topic): void;
  on(topic: Topic, run: () => void): void;
  close(): Promise<void>;
}

const CHANNEL = "detour";
const GATHER = millis(20);
const RECONNECT = millis(1000);

/**
 * Local listeners are called at once. Other processes hear it through NOTIFY, gathered for 20 ms and sent outside
 * of any transaction: NOTIFY inside one takes a lock over the commit that all committers queue for.
 */
export async function createWakes(db: Database, clock: Clock): Promise<Wakes> {
  const me = String(process.pid) + Math.trunc(performance.timeOrigin);
  const listeners = new Map<Topic, (() => void)[]>();
  const gathered = new Set<Topic>();
  let cancel: Cancel | null = null;
  let closed = false;
  let client: pg.Client | null = null;

  const tell = (topic: Topic) => {
    for (const run of listeners.get(topic) ?? []) run();
  };

  function send() {
    cancel = null;
    const topics = [...gathered].join(" ");
    gathered.clear();
    db.query("select pg_notify($1, $2)", [CHANNEL, `${me} ${topics}`]).catch(() => {});
  }

  async function listen(): Promise<void> {
    const next = await db.connect();
    next.on("notification", ({ payload }) => {
      const [from, ...topics] = (payload ?? "").split(" ");
      if (from !== me) for (const topic of topics) tell(topic as Topic);
    });
    next.once("end", listenAgain);
    client = next;
    // A connection that cannot listen is of no use; its end brings the next one.
    await next.query(`listen ${CHANNEL}`).catch(() => next.end());
    if (closed) await next.end();
  }

  function listenAgain() {
    if (!closed) clock.after(RECONNECT, () => void listen().catch(listenAgain));
  }

  await listen();
  return {
    wake(topic) {
      tell(topic);
      gathered.add(topic);
      cancel ??= clock.after(GATHER, send);
    },
    on: (topic, run) => void listeners.set(topic, [...(listeners.get(topic) ?? []), run]),
    async close() {
      closed = true;
      cancel?.();
      await client?.end().catch(() => {});
    },
  };
}
