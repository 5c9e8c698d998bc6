import type { Database } from "#db";
import type { Pump } from "#jobs";
import { instant, later, messageOf, seconds, type Clock, type Instant } from "#kit";
import type { WhatsAppWebAccount } from "./account.ts";
import { canaryDueAt } from "./core/sight.ts";
import { freshProbe } from "./core/probe.ts";
import { readLine } from "./line-store.ts";
import type { Log } from "./line.ts";
import type { Asking } from "./probe.ts";

interface Deps {
  db: Database;
  clock: Clock;
  log: Log;
  asking: Pick<Asking, "checkCanary">;
  /** Accounts whose open connection this process has. */
  accounts(): WhatsAppWebAccount[];
  /** Takes up what other processes ask; a hint about it may have been lost. */
  serve(): Promise<void>;
}

/** Whatever came of one try, the next one keeps this distance. */
const APART = seconds(20);

/** Looks after open lines: errands of other processes, and canaries when it is time: after a new connection, while blind, and while earlier answers are in use. */
export function createCanaryPump({ db, clock, log, asking, accounts, serve }: Deps): Pump & { idle(): Promise<void> } {
  const tried = new Map<string, Instant>();
  const underWay = new Set<Promise<unknown>>();

  async function dueAt({ number, canaries, ...limits }: WhatsAppWebAccount): Promise<Instant | null> {
    if (canaries.length === 0) return null;
    const row = await readLine(db, number);
    if (!row?.enabled || row.line.at !== "open") return null;
    const { sight } =
      row.probe ?? freshProbe({ perMinute: limits.checksPerMinute, perDay: limits.checksPerDay }, clock.now());
    const due = canaryDueAt(sight, clock.now());
    const last = tried.get(number);
    return due === null || last === undefined ? due : instant(Math.max(due, later(last, APART)));
  }

  function start(account: WhatsAppWebAccount): void {
    tried.set(account.number, clock.now());
    const work = asking.checkCanary(account).catch((error: unknown) => {
      log.error({ error: messageOf(error) }, "a canary could not be checked");
    });
    underWay.add(work);
    void work.finally(() => underWay.delete(work));
  }

  return {
    name: "whatsapp-web",
    wokenBy: ["whatsapp-web"],
    async work() {
      await serve();
      let started = 0;
      for (const account of accounts()) {
        const due = await dueAt(account);
        if (due === null || due > clock.now()) continue;
        start(account);
        started += 1;
      }
      return started;
    },
    async nextDueAt() {
      const moments = await Promise.all(accounts().map(dueAt));
      const planned = moments.filter((at) => at !== null);
      return planned.length === 0 ? null : instant(Math.min(...planned));
    },
    async idle() {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
  };
}
