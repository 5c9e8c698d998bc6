import { earlier, hours, type Clock, type Instant } from "#kit";
import { DatabaseGone, type Database, type Queries, type Tx } from "#db";
import type { MediaStore, Received } from "#media";
import { kindOf, type Log } from "./log.ts";

/** Longer than any time between giving a file to the store and saving whose it is. */
const UNTOUCHED = hours(1);

const TOUCH = `
  insert into media_file (tenant, sha256, size, touched_at) values ($1, $2, $3, $4)
  on conflict (tenant, sha256) do update set touched_at = greatest(media_file.touched_at, excluded.touched_at)`;

/** Gives received files to the store. */
export interface Keeper {
  /** False when the store cannot take it now. The received file is used up either way. */
  keep(queries: Queries, file: Received): Promise<boolean>;
}

/**
 * A file is written down before the store gets it: whatever stops us after that, what the store holds is known, and
 * goes again when no message refers to it.
 */
export function createKeeper({ store, clock, log }: { store: MediaStore; clock: Clock; log: Log }): Keeper {
  return {
    async keep(queries, file) {
      try {
        await queries.query(TOUCH, [queries.tenant, file.sha256, file.size, new Date(clock.now())]);
        await store.put(file);
        return true;
      } catch (error) {
        if (error instanceof DatabaseGone) throw error;
        log.error({ store: store.name, error: kindOf(error) }, "a file could not be kept");
        return false;
      } finally {
        await file.discard();
      }
    },
  };
}

const UNUSED = `
  select f.sha256 from media_file f
  where f.tenant = $1 and f.touched_at < $2
    and not exists (select 1 from media m where m.tenant = $1 and m.sha256 = f.sha256)
  order by f.touched_at limit 1
  for update of f skip locked`;

/** Deletes what no message refers to any more, one at a time; answers how many. */
export async function dropUnusedFiles(back: Database, store: MediaStore, clock: Clock): Promise<number> {
  for (let dropped = 0; ; dropped += 1) {
    const found = await back.tx((tx) => dropOne(tx, store, earlier(clock.now(), UNTOUCHED)));
    if (!found) return dropped;
  }
}

/** The row stays locked until the file is gone: whoever brings the same file again meanwhile waits, and writes it anew. */
async function dropOne(tx: Tx, store: MediaStore, before: Instant): Promise<boolean> {
  const [unused] = await tx.query<{ sha256: string }>(UNUSED, [tx.tenant, new Date(before)]);
  if (!unused) return false;
  await store.remove(unused.sha256);
  await tx.query("delete from media_file where tenant = $1 and sha256 = $2", [tx.tenant, unused.sha256]);
  return true;
}
