import type { Database, Wakes } from "#db";
import { messageOf, millis, newId, unreachable, type Clock, type Instant, type Json } from "#kit";
import {
  addErrand,
  answerErrand,
  endErrand,
  readErrand,
  takeErrands,
  type Errand,
  type OpenErrand,
} from "./errand-store.ts";
import { readLine } from "./line-store.ts";
import type { Link } from "./link.ts";
import type { Log } from "./line.ts";

/** How an errand ended. `nobody` promises that nothing was done; after `silence` it may have been. */
export type Done<Answer> = { kind: "done"; answer: Answer } | { kind: "nobody" } | { kind: "silence" };

/** Runs errands over a line, here or in whichever process has it. */
export interface Desk {
  /** Whatever happens, it answers at `until`. */
  ask<Answer extends Json>(account: string, errand: Errand, until: Instant): Promise<Done<Answer>>;
  /** Takes up what other processes ask of a line that is here. */
  serve(account: string): Promise<void>;
  /** Resolves when nothing is under way. */
  idle(): Promise<void>;
}

interface Deps {
  db: Database;
  clock: Clock;
  wakes: Pick<Wakes, "wake" | "on">;
  log: Log;
  /** The open connection of an account, when this process has it. */
  linkOf(account: string): Link | null;
}

const LOOK_EVERY = millis(100);

export function createDesk({ db, clock, wakes, log, linkOf }: Deps): Desk {
  const underWay = new Set<Promise<unknown>>();
  /** One number at a time on each line. */
  const turns = new Map<string, Promise<unknown>>();
  const sleepers = new Set<() => void>();
  wakes.on("whatsapp-web-errands", () => {
    for (const wake of sleepers) wake();
    sleepers.clear();
  });

  function track<T>(work: Promise<T>): Promise<T> {
    underWay.add(work);
    void work.catch(() => {}).finally(() => underWay.delete(work));
    return work;
  }

  function run(account: string, link: Link, errand: Errand, until: Instant): Promise<Done<Json>> {
    switch (errand.do) {
      case "look-up":
        return inTurn(account, until, () => link.lookUp(errand.number));
      case "send":
        return within(until, asDone(link.send(errand.message)));
      case "acknowledge":
        return within(until, asDone(link.acknowledge(errand)));
      default:
        return unreachable(errand);
    }
  }

  const asDone = async (work: Promise<Json | void>): Promise<Done<Json>> => ({
    kind: "done",
    answer: (await work) ?? null,
  });

  /** Whoever's time is over when the turn comes is not asked about any more. */
  function inTurn(account: string, until: Instant, work: () => Promise<Json>): Promise<Done<Json>> {
    const before = turns.get(account) ?? Promise.resolve();
    let begun = false;
    const mine = before.then(async (): Promise<Done<Json>> => {
      if (clock.now() >= until) return { kind: "nobody" };
      begun = true;
      return asDone(work());
    });
    const turn = within(until, mine, () => (begun ? "silence" : "nobody"));
    turns.set(account, turn);
    return turn;
  }

  /** Rejections of the line mean that it broke on the way. */
  function within(until: Instant, work: Promise<Done<Json>>, otherwise: () => "silence" | "nobody" = () => "silence") {
    return new Promise<Done<Json>>((resolve) => {
      const giveUp = () => resolve({ kind: otherwise() });
      const cancel = clock.after(millis(Math.max(1, until - clock.now())), giveUp);
      void work.then(resolve, giveUp).finally(cancel);
    });
  }

  async function askElsewhere(account: string, errand: Errand, until: Instant): Promise<Done<Json>> {
    const row = await readLine(db, account);
    if (!row?.enabled || row.line.at !== "open") return { kind: "nobody" };
    const id = newId(clock.now());
    await addErrand(db, account, { id, errand, until });
    wakes.wake("whatsapp-web-errands");
    await answerTo(id, until).catch(() => {});
    const fate = await endErrand(db, id, clock.now());
    if (fate?.answer) return { kind: "done", answer: fate.answer.answer };
    return { kind: fate?.taken ? "silence" : "nobody" };
  }

  /** Hints come as soon as the answer is there; they may get lost. */
  async function answerTo(id: string, until: Instant): Promise<void> {
    while (clock.now() < until && !(await readErrand(db, id))?.answer) await pause(until);
  }

  const pause = (until: Instant) =>
    new Promise<void>((resolve) => {
      const cancel = clock.after(millis(Math.min(LOOK_EVERY, until - clock.now())), resolve);
      sleepers.add(() => {
        cancel();
        resolve();
      });
    });

  async function runForOthers(account: string, { id, errand, until }: OpenErrand): Promise<void> {
    const link = linkOf(account);
    const outcome = link ? await run(account, link, errand, until) : null;
    if (outcome?.kind === "done") await answerErrand(db, id, outcome.answer);
    wakes.wake("whatsapp-web-errands");
  }

  return {
    ask<Answer extends Json>(account: string, errand: Errand, until: Instant) {
      const link = linkOf(account);
      const work = link ? run(account, link, errand, until) : askElsewhere(account, errand, until);
      return track(work) as Promise<Done<Answer>>;
    },
    async serve(account) {
      if (!linkOf(account)) return;
      for (const open of await takeErrands(db, account, clock.now()))
        void track(
          runForOthers(account, open).catch((error: unknown) => {
            log.error({ errand: open.errand.do, error: messageOf(error) }, "an errand for another process failed");
          }),
        );
    },
    async idle() {
      while (underWay.size > 0) await Promise.allSettled(underWay);
    },
  };
}
