import type { Database } from "#db";
import type { Pump } from "#jobs";
import { later, messageOf, seconds, type Clock, type Instant } from "#kit";
import type { Teller } from "./teller.ts";

export interface PumpDeps {
  db: Database;
  clock: Clock;
  teller: Teller;
  log: { error(fields: object, words: string): void };
}

const AT_ONCE = 50;
const AFTER_ERROR = seconds(5);

/** Tells callbacks whose time has come: a retry is due, a line never rang, a dial fell silent. */
export function callbackPump({ db, clock, teller, log }: PumpDeps): Pump {
  return {
    name: "callbacks",
    wokenBy: ["callbacks"],
    async work() {
      const due = await db.query<{ id: string }>(DUE, [db.tenant, new Date(clock.now()), AT_ONCE]);
      for (const { id } of due) {
        await db
          .tx((tx) => teller.tell(tx, id, { kind: "overdue" }))
          .catch(async (error: unknown) => {
            log.error(
              { callback: id, error: messageOf(error) },
              "a callback could not go on and is tried again in five seconds",
            );
            await db.query(POSTPONE, [db.tenant, id, new Date(later(clock.now(), AFTER_ERROR))]);
          });
      }
      return due.length;
    },
    async nextDueAt() {
      const [row] = await db.query<{ at: Instant | null }>(NEXT, [db.tenant]);
      return row?.at ?? null;
    },
  };
}

const DUE = "select id from callback where tenant = $1 and due_at <= $2 order by due_at limit $3";
const NEXT = "select min(due_at) as at from callback where tenant = $1 and due_at is not null";
const POSTPONE = "update callback set due_at = $3 where tenant = $1 and id = $2 and due_at is not null";
