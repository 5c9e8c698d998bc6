import { recordEvents, type Database } from "#db";
import { later, messageOf, millis, seconds, type Cancel, type Clock } from "#kit";
import type { ChannelEvent } from "../../channel.ts";
import {
  isSameNumber,
  lineDueAt,
  step,
  WRONG_TELEPHONE,
  type Line,
  type LineEffect,
  type LineEvent,
} from "./core/line.ts";
import { lineTrouble, SHUT } from "./core/trouble.ts";
import { createKeyStore, type Seal } from "./key-store.ts";
import { addLine, readLine, saveLine, takeWish, type LineRow } from "./line-store.ts";
import { openLink, type Link } from "./link.ts";
import { takeLock, type Held } from "./lock.ts";
import type { Troubles } from "./troubles.ts";
import type { Host, Start } from "./worker/protocol.ts";

export interface LineDeps {
  db: Database;
  clock: Clock;
  log: Log;
  seal: Seal;
  troubles: Troubles;
  /** Where WhatsApp Web answers, and the key that vouches for it. */
  server: Pick<Start, "url" | "rootKey">;
  /** Keeps what was heard; resolves when it is stored. */
  deliver(account: string, events: ChannelEvent[]): Promise<void>;
  /** Told when a connection of this process has opened, before and after everybody may see it. */
  onOpening(account: string): Promise<void>;
  onOpened(account: string): void;
}

export interface Log {
  info(fields: object, words: string): void;
  warn(fields: object, words: string): void;
  error(fields: object, words: string): void;
}

/** One account in this process, whether or not it is this process that has its connection. */
export interface AccountLine {
  readonly account: string;
  /** The open connection, when this process has it. */
  link(): Link | null;
  /** Reads what everybody sees and follows it: takes the line, gives it up, carries out what a person asked. */
  look(): Promise<void>;
  close(): Promise<void>;
}

const LOOK_EVERY = seconds(5);

/** Keeps one account connected from one process at a time. Decisions are `step`; this carries them out, one after another. */
export function createLine(account: string, deps: LineDeps): AccountLine {
  const { db, clock, log, seal, troubles } = deps;
  const keys = createKeyStore(db, seal, account);
  let held: Held | null = null;
  let line: Line = { at: "unpaired" };
  let credentials: string | null = null;
  /** The keys are there and cannot be opened. */
  let shut = false;
  let link: Link | null = null;
  let wake: Cancel = () => {};
  let closed = false;
  /** The account has its row. */
  let known = false;
  let turn: Promise<unknown> = Promise.resolve();

  /** One thing at a time; trouble with the database is met by looking again. */
  function queue(work: () => Promise<void>): Promise<void> {
    const next = turn.then(work).catch((error: unknown) => {
      log.error({ account: maskOf(account), error: messageOf(error) }, "a WhatsApp Web line could not go on");
    });
    turn = next;
    return next;
  }

  async function look(): Promise<void> {
    wake();
    if (closed) return;
    wake = clock.after(LOOK_EVERY, () => void queue(look));
    if (!known) await addLine(db, account, clock.now());
    known = true;
    const row = await readLine(db, account);
    if (!row?.enabled) return giveUp();
    if (!held && !(await take(row))) return;
    await obey();
    if (line.at === "halted") await giveUp();
  }

  /** Carries out what a person asked, and what the line itself has waited for. */
  async function obey(): Promise<void> {
    const wish = await takeWish(db, account);
    if (wish?.kind === "pair") await follow({ kind: "pair", how: wish.how });
    if (wish?.kind === "resume") await follow({ kind: "resume", paired: credentials !== null });
    const dueAt = lineDueAt(line);
    if (dueAt !== null && dueAt <= clock.now()) await follow({ kind: "time-came" });
  }

  /** Takes the line when there is something to do with it and nobody else has it. */
  async function take(row: LineRow): Promise<boolean> {
    const isWanted = row.wish !== null || (row.paired && row.line.at !== "halted");
    if (!isWanted) return false;
    held = await takeLock(db, account, () => void queue(lose));
    if (!held) return false;
    if (seal.ready) await keys.renew();
    const kept = await keys.credentials();
    shut = kept.shut;
    credentials = kept.text;
    line = row.line;
    await follow({ kind: "taken", paired: credentials !== null });
    return true;
  }

  /** Without the lock another process may have the account: nothing of ours may stay connected. */
  async function lose(): Promise<void> {
    held = null;
    await disconnect();
    log.warn({ account: maskOf(account) }, "a WhatsApp Web line was given up: the database lock is gone");
  }

  async function giveUp(): Promise<void> {
    const lock = held;
    if (!lock) return;
    held = null;
    await disconnect();
    await follow({ kind: "released" }).finally(() => lock.release());
  }

  async function follow(event: LineEvent): Promise<void> {
    const before = line;
    const decided = step(line, event, clock.now());
    line = decided.line;
    if (line !== before) await keep(before);
    for (const effect of decided.effects) await carryOut(effect);
    const dueAt = lineDueAt(line);
    if (dueAt !== null) clock.after(millis(Math.max(1, dueAt - clock.now())), () => void queue(look));
  }

  async function keep(before: Line): Promise<void> {
    if (line.at === "open") await deps.onOpening(account);
    await saveLine(db, account, line, clock.now());
    if (line.at !== before.at) {
      log.info({ account: maskOf(account), at: line.at, ...codeOf(line) }, "a WhatsApp Web line changed");
      const data = { account: maskOf(account), at: line.at, ...codeOf(line) };
      await recordEvents(db, [{ at: clock.now(), kind: "whatsapp-web.line-changed", data }]);
    }
    await troubles.tell(db, account, "line", shut ? SHUT : lineTrouble(line));
    if (line.at === "open") deps.onOpened(account);
  }

  async function carryOut(effect: LineEffect): Promise<void> {
    if (effect.do === "connect") connect();
    if (effect.do === "disconnect") await disconnect({ unlink: true });
    if (effect.do === "forget") {
      credentials = null;
      shut = false;
      await keys.forget();
    }
  }

  function connect(): void {
    const byCode = line.at === "pairing" && line.how === "code";
    const start = { ...deps.server, account, credentials, byCode };
    const mine: Link = openLink(
      start,
      hostOf(() => link === mine),
      clock,
    );
    link = mine;
  }

  /** What a thread tells counts only as long as it is the one in use. */
  function hostOf(isMine: () => boolean): Host {
    const when = (event: () => LineEvent) => queue(async () => void (isMine() && (await follow(event()))));
    return {
      readKeys: (type, ids) => keys.read(type, ids),
      async writeKeys(entries) {
        if (isMine()) await keys.write(entries);
      },
      async writeCredentials(text) {
        if (!isMine()) return;
        credentials = text;
        await keys.writeCredentials(text);
      },
      shown: ({ forMs, ...what }) =>
        when(() => ({ kind: "shown", shown: { ...what, until: later(clock.now(), millis(forMs)) } })),
      opened: ({ number }) =>
        queue(async () => {
          if (!isMine()) return;
          if (isSameNumber(account, number)) return follow({ kind: "opened" });
          await disconnect({ unlink: true });
          await end(WRONG_TELEPHONE, false);
        }),
      closed: ({ code, paired }) =>
        queue(async () => {
          if (isMine()) await end(code, paired);
        }),
      heard: (events) => deps.deliver(account, events),
    };
  }

  async function end(code: number, paired: boolean): Promise<void> {
    link = null;
    await follow({ kind: "closed", code, paired, chance: Math.random() });
    if (line.at === "halted") await giveUp();
  }

  async function disconnect(how?: { unlink: boolean }): Promise<void> {
    const ending = link;
    link = null;
    await ending?.end(how);
  }

  return {
    account,
    link: () => (line.at === "open" ? link : null),
    look: () => queue(look),
    async close() {
      closed = true;
      wake();
      await queue(giveUp);
    },
  };
}

const codeOf = (line: Line) => ("code" in line ? { code: line.code } : {});

/** The last four digits tell accounts apart in a log. */
const maskOf = (account: string) => `…${account.slice(-4)}`;
