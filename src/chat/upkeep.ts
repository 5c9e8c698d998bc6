import type { Database } from "#db";
import type { Job } from "#jobs";
import { days, earlier, type Clock } from "#kit";
import type { MediaStore } from "#media";
import { dropUnusedFiles } from "./media-files.ts";
import { takeKeptBefore, tellMedia } from "./media-store.ts";

/** Meta repeats for 7 days; twice that leaves time to look into what went wrong. */
const INBOX_KEPT = days(14);

/** Forgets what providers told us and was worked off long ago, and links that open nothing any more; run once an hour. */
export const inboxUpkeep = (back: Database, clock: Clock): Job => ({
  name: "chat.forget-inbox",
  tries: 3,
  async run() {
    const before = new Date(earlier(clock.now(), INBOX_KEPT));
    await back.query(FORGET_NEWS, [back.tenant, before]);
    await back.query(FORGET_LINKS, [back.tenant, before]);
  },
});

/** Deletes files whose time is over, and what the store holds for nobody; run once an hour. */
export const mediaUpkeep = (
  back: Database,
  { clock, store, keepDays }: { clock: Clock; store: MediaStore; /** 0 keeps them for ever. */ keepDays: number },
): Job => ({
  name: "chat.forget-files",
  tries: 3,
  async run() {
    if (keepDays > 0) while ((await expireSome(back, clock, keepDays)) > 0);
    await dropUnusedFiles(back, store, clock);
  },
});

const SOME = 200;

const expireSome = (back: Database, clock: Clock, keepDays: number): Promise<number> =>
  back.tx(async (tx) => {
    const now = clock.now();
    const rows = await takeKeptBefore(tx, earlier(now, days(keepDays)), SOME);
    await tellMedia(
      tx,
      rows.map((row) => ({ row, event: { kind: "kept-long-enough" } })),
      { now },
    );
    return rows.length;
  });

const FORGET_NEWS = "delete from inbox where tenant = $1 and received_at < $2 and processed_at is not null";
const FORGET_LINKS = "delete from chat_link where tenant = $1 and expires_at < $2";
