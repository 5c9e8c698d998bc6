import { messageOf, type Clock, type JsonObject } from "#kit";
import type { Database, Queries, Tx, Wakes } from "#db";
import { PgBoss } from "pg-boss";
import type { Pump } from "./pump.ts";

/** A kind of background work. The handler may run twice for the same data; a rejection means "again later". */
export interface Job<Data extends JsonObject = JsonObject> {
  name: string;
  /** How often it is tried in all before it goes to the dead letters. */
  tries: number;
  run(data: Data): Promise<void>;
}

/** Durable background work: saved with the state that asked for it, tried again after a crash. */
export interface Jobs {
  /** Adds work in the caller's transaction: both happen or neither. */
  add(tx: Tx, name: string, data: JsonObject): Promise<void>;
  /** Declares the handler of one kind of work. Before `start`. */
  define<Data extends JsonObject>(job: Job<Data>): void;
  /** Runs `name` on a cron expression (UTC), once over all processes. */
  schedule(name: string, cron: string): Promise<void>;
  /** The loop that does the work. */
  readonly pump: Pump;
  stop(): Promise<void>;
}

interface Log {
  error(fields: object, words: string): void;
}

const DEAD = "dead";
const AT_ONCE = 20;
/** A killed worker's jobs are taken up by others after this. */
const EXPIRE_SECONDS = 30;

/** Opens pg-boss on our pool and installs its tables when they are missing. */
export async function openJobs(db: Database, options: { clock: Clock; wakes: Wakes; log: Log; cron: boolean }): Promise<Jobs> {
  const { wakes, log } = options;
  const boss = new PgBoss({
    db: sqlOn(db),
    schedule: options.cron,
    supervise: options.cron,
    migrate: true,
  });
  boss.on("error", (error) => log.error({ error: messageOf(error) }, "the job store had a problem"));
  await boss.start();
  await boss.createQueue(DEAD);

  const handlers = new Map<string, Job>();
  const ready = new Set<string>();

  async function prepare(name: string) {
    if (ready.has(name)) return;
    const job = handlers.get(name)!;
    await boss.createQueue(name, {
      retryLimit: job.tries - 1,
      retryDelay: 1,
      retryBackoff: true,
      expireInSeconds: EXPIRE_SECONDS,
      deadLetter: DEAD,
    });
    ready.add(name);
  }

  async function one(name: string, id: string, data: JsonObject) {
    try {
      await handlers.get(name)!.run(data);
      await boss.complete(name, id);
    } catch (error) {
      log.error({ job: name, id, error: messageOf(error) }, "a job failed and is tried again later");
      await boss.fail(name, id, { error: messageOf(error) });
    }
  }

  async function work() {
    let done = 0;
    for (const name of handlers.keys()) {
      await prepare(name);
      const jobs = await boss.fetch<JsonObject>(name, { batchSize: AT_ONCE });
      await Promise.all(jobs.map((job) => one(name, job.id, job.data)));
      done += jobs.length;
    }
    return done;
  }

  return {
    async add(tx, name, data) {
      await prepare(name);
      await boss.send(name, data, { db: sqlOn(tx) });
      tx.afterCommit(() => wakes.wake("jobs"));
    },
    define: (job) => void handlers.set(job.name, job as unknown as Job),
    async schedule(name, cron) {
      await prepare(name);
      await boss.schedule(name, cron);
    },
    pump: { name: "jobs", wokenBy: ["jobs"], work, nextDueAt: async () => null },
    stop: () => boss.stop({ graceful: false }),
  };
}

/** pg-boss also sends several commands in one text, which only goes without values. */
const sqlOn = (queries: Queries) => ({
  executeSql: async (text: string, values: unknown[] = []) => ({ rows: await queries.query(text, values.length > 0 ? values : undefined) }),
});
