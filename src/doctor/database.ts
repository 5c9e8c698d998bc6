import { examineDatabase, visitOwnPostgres, type DatabaseFacts } from "#db";
import { StartError, type Clock } from "#kit";
import { statfs } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import type { Finding } from "./core/finding.ts";
import { judgeDatabase, judgeDisk } from "./core/judge.ts";

/** The database as it was found; `url` is null when it cannot be used. */
export interface ExaminedDatabase {
  findings: Finding[];
  facts: DatabaseFacts | null;
  url: string | null;
  /** Ends what was started for the visit. */
  leave(): Promise<void>;
}

interface Settings {
  DATABASE_URL?: string | undefined;
  DATA_DIR: string;
}

/** Visits the database, starting our own for the time of the visit. */
export async function visitDatabase({ DATABASE_URL, DATA_DIR }: Settings, clock: Clock): Promise<ExaminedDatabase> {
  try {
    const own = DATABASE_URL === undefined ? await visitOwnPostgres(DATA_DIR) : null;
    const url = DATABASE_URL ?? own?.url;
    if (url === undefined) return await notMade(DATA_DIR);
    const leave = () => own?.stop() ?? Promise.resolve();
    const facts = await examineDatabase(url, clock).catch(async (error: unknown) => {
      await leave();
      throw error;
    });
    return { findings: judgeDatabase(facts), facts, url, leave };
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    return { ...NOTHING, findings: [{ about: "database", state: "wrong", say: () => error.message }] };
  }
}

const NOTHING = { facts: null, url: null, leave: async () => {} };

async function notMade(folder: string): Promise<ExaminedDatabase> {
  const made: Finding = { about: "database", state: "well", say: (t) => t.notMade(resolve(folder)) };
  return { ...NOTHING, findings: [made, judgeDisk(await freeNear(resolve(folder)))] };
}

/** Of the nearest folder that is there. */
async function freeNear(folder: string): Promise<number> {
  const found = await statfs(folder).catch(() => null);
  if (found) return found.bavail * found.bsize;
  return freeNear(dirname(folder));
}
