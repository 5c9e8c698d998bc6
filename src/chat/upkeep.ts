import type { Database } from "#db";
import type { Job } from "#jobs";
import { days, earlier, type Clock } from "#kit";

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

const FORGET_NEWS = "delete from inbox where tenant = $1 and received_at < $2 and processed_at is not null";
const FORGET_LINKS = "delete from chat_link where tenant = $1 and expires_at < $2";
