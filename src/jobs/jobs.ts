import { messageOf, millis, type Clock, type JsonObject } from "#kit";
import { asStartError, type Database, type Queries, type Tx, type Wakes } from "#db";
import { PgBoss } from "pg-boss";
import { createCrew } from "./crew.ts";
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
  /** The loop that does the work: it takes up what there is and waits only when there is nothing more to take up. */
  readonly pump: Pump;
  /** Lets work under way end. */
  stop(): Promise<void>;
}

interface Log {
  error(fields: object, words: string): void;
}

const DEAD = "dead";
/** Of each kind. */
const AT_ONCE = 20;
const LOOK_AGAIN = millis(1000);
/** A killed worker's jobs are taken up by others after this and the time until somebody looks. */
const EXPIRE_SECONDS = 30;
const LOOK_FOR_EXPIRED_SECONDS = 10;

/** Opens pg-boss on our pool and installs its tables when they are missing. Throws `StartError` when it may not. */
export async function openJobs(
  db: Database,
  options: { clock: Clock; wakes: Wakes; log: Log; cron: boolean },
): Promise<Jobs> {
  const { clock, wakes, log } = options;
  await install(db);
  const boss = new PgBoss({
    db: sqlOn(db),
    schedule: options.cron,
    supervise: options.cron,
    superviseIntervalSeconds: LOOK_FOR_EXPIRED_SECONDS,
    monitorIntervalSeconds: LOOK_FOR_EXPIRED_SECONDS,
    migrate: true,
  });
  boss.on("error", (error) => log.error({ error: messageOf(error) }, "the job store had a problem"));
  await boss.start();
  await boss.createQueue(DEAD);

  const handlers = new Map<string, Job>();
  const ready = new Set<string>();
  const crew = createCrew(AT_ONCE, LOOK_AGAIN, clock);
  wakes.on("jobs", crew.ring);

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

  /** Never rejects: what cannot be written down now expires and is tried again. */
  async function one(name: string, id: string, data: JsonObject): Promise<void> {
    try {
      await outcomeOf(name, id, data);
    } catch (error) {
      log.error({ job: name, id, error: messageOf(error) }, "the outcome of a job could not be saved");
    }
  }

  async function outcomeOf(name: string, id: string, data: JsonObject) {
    try {
      await handlers.get(name)!.run(data);
    } catch (error) {
      log.error({ job: name, id, error: messageOf(error) }, "a job failed and is tried again later");
      await boss.fail(name, id, { error: messageOf(error) });
      return;
    }
    await boss.complete(name, id);
  }

  async function work(): Promise<number> {
    crew.looks();
    let started = 0;
    for (const name of handlers.keys()) started += await takeUp(name);
    if (started > 0) return started;
    if (!crew.busy()) return 0;
    await crew.change();
    return 1;
  }

  async function takeUp(name: string): Promise<number> {
    await prepare(name);
    const room = crew.room(name);
    const jobs = room > 0 ? await boss.fetch<JsonObject>(name, { batchSize: room }) : [];
    for (const job of jobs) crew.start(name, one(name, job.id, job.data));
    return jobs.length;
  }

  return {
    async add(tx, name, data) {
      await prepare(name);
      await boss.send(name, data, { db: sqlOn(tx) });
      tx.afterCommit(() => wakes.wake("jobs"));
    },
    define: (job) => void handlers.set(job.name, job),
    async schedule(name, cron) {
      await prepare(name);
      await boss.schedule(name, cron);
    },
    pump: { name: "jobs", wokenBy: ["jobs"], work, nextDueAt: async () => null },
    async stop() {
      await crew.idle();
      await boss.stop({ graceful: false });
    },
  };
}

/** Making the job store's tables may take longer than a statement may, so it has a connection without a time limit. */
async function install(db: Database): Promise<void> {
  const client = await db.connect();
  const patient = {
    async executeSql(text: string, values: unknown[] = []) {
      const results = [await client.query(text, values.length > 0 ? values : undefined)].flat();
      return { rows: results.flatMap(({ rows }) => rows as object[]) };
    },
  };
  const boss = new PgBoss({ db: patient, schedule: false, supervise: false, migrate: true });
  boss.on("error", () => {});
  try {
    await boss.start();
    await boss.stop({ graceful: false });
  } catch (error) {
    throw asStartError(error);
  } finally {
    await client.end();
  }
}

/** pg-boss also sends several commands in one text, which only goes without values. */
const sqlOn = (queries: Queries) => ({
  executeSql: async (text: string, values: unknown[] = []) => ({
    rows: await queries.query(text, values.length > 0 ? values : undefined),
  }),
});
