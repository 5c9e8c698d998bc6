import type { Database } from "#db";
import type { Job } from "#jobs";
import { days, earlier, type Clock } from "#kit";

/** Meta repeats for 7 days; twice that leaves time to look into what went wrong. */
const INBOX_KEPT = days(14);

/** Forgets what providers told us and was worked off long ago; run once an hour. */
export const inboxUpkeep = (back: Database, clock: Clock): Job => ({
  name: "chat.forget-inbox",
  tries: 3,
  async run() {
    await back.query(FORGET, [back.tenant, new Date(earlier(clock.now(), INBOX_KEPT))]);
  },
});

const FORGET = "delete from inbox where tenant = $1 and received_at < $2 and processed_at is not null";
