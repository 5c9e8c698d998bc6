import type { Database } from "#db";
import { between, later, millis, type Clock, type Instant, type PhoneNumber } from "#kit";
import type { ReachProbe } from "../../channel.ts";
import type { WhatsAppWebAccount } from "./account.ts";
import type { Outcome } from "./core/answer.ts";
import { freshProbe, meaningOf, note, permit, reconnected, type About, type Probe } from "./core/probe.ts";
import { probeTrouble } from "./core/trouble.ts";
import type { Desk } from "./desk.ts";
import { changeProbe } from "./line-store.ts";
import type { Troubles } from "./troubles.ts";

type Reach = Awaited<ReturnType<ReachProbe["find"]>>;

interface Deps {
  db: Database;
  clock: Clock;
  desk: Pick<Desk, "ask">;
  troubles: Troubles;
  /** Accounts that may be asked through, with their limits. */
  accounts(): WhatsAppWebAccount[];
}

/** Asks WhatsApp Web whether numbers are registered, and finds out whether its answers can be believed. */
export interface Asking {
  find(phone: PhoneNumber): Promise<Reach>;
  /** Asks about a number that is surely registered; false when it may not be asked now. */
  checkCanary(account: WhatsAppWebAccount): Promise<boolean>;
  /** A new connection has to prove anew that it is told the truth. */
  distrust(account: string): Promise<void>;
}

/** A caller is waiting. */
const PATIENCE = millis(1500);

const ASKABLE = new Set(["whatsapp-cloud", "whatsapp-web"]);

/** The port of the router: this answers for WhatsApp, whichever way the message then goes, while there is an account to ask. */
export const reachProbe = ({ find }: Asking, accounts: Deps["accounts"]): ReachProbe => ({
  answersFor: (channel) => ASKABLE.has(channel) && accounts().length > 0,
  find,
});

/** Every question is permitted and noted in a short transaction of its own, so that all processes share one state. */
export function createAsking({ db, clock, desk, troubles, accounts }: Deps): Asking {
  const permitted = (account: WhatsAppWebAccount, about: About) =>
    changeProbe(db, account.number, async ({ enabled, line, probe }) => {
      const now = clock.now();
      const before = probe ?? freshProbe(limitsOf(account), now);
      const permission = permit(before, about, now, limitsOf(account));
      const isOff = !enabled || line.at !== "open";
      if (isOff || !permission.ask) return { probe: before, result: false };
      return { probe: permission.probe, result: true };
    });

  /** What was learnt counts only while nobody has switched the line off meanwhile. */
  const noted = (account: WhatsAppWebAccount, about: About, outcome: Outcome, askedAt: Instant) =>
    changeProbe(db, account.number, async ({ enabled, probe: before }, tx) => {
      if (!enabled || !before) return { probe: before, result: null };
      const at = clock.now();
      const probe = note(before, { about, outcome, at, tookMs: between(askedAt, at) });
      const trouble = probeTrouble(probe);
      if (trouble?.words !== probeTrouble(before)?.words) await troubles.tell(tx, account.number, "probe", trouble);
      return { probe, result: probe };
    });

  /** Null when nobody was asked, or the answer must not be used. */
  async function ask(account: WhatsAppWebAccount, about: About, number: string, until: Instant) {
    if (!(await permitted(account, about))) return null;
    const askedAt = clock.now();
    if (askedAt >= until) return null;
    const done = await desk.ask<Outcome>(account.number, { do: "look-up", number }, until);
    if (done.kind === "nobody") return null;
    const outcome = done.kind === "done" ? done.answer : "silent";
    const probe = await noted(account, about, outcome, askedAt);
    return probe && { outcome, probe };
  }

  async function findThrough(account: WhatsAppWebAccount, phone: PhoneNumber, until: Instant): Promise<Reach | null> {
    const answered = await ask(account, "customer", phone.slice(1), until);
    if (!answered) return null;
    const meaning = meaningOf(answered.probe, answered.outcome, clock.now());
    if (meaning !== "ask-canary") return meaning;
    const canary = canaryOf(account, clock.now());
    const checked = canary && (await ask(account, "canary", canary, until));
    const proven: Probe | null = checked ? checked.probe : null;
    return proven && meaningOf(proven, "empty", clock.now()) === "not-here" ? "not-here" : "unknown";
  }

  return {
    async find(phone) {
      const until = later(clock.now(), PATIENCE);
      for (const account of accounts()) {
        const reach = await findThrough(account, phone, until);
        if (reach !== null) return reach;
      }
      return "unknown";
    },
    async distrust(account) {
      await changeProbe(db, account, async ({ probe }) => ({ probe: probe && reconnected(probe), result: null }));
    },
    async checkCanary(account) {
      const canary = canaryOf(account, clock.now());
      return canary !== null && (await ask(account, "canary", canary, later(clock.now(), PATIENCE))) !== null;
    },
  };
}

const limitsOf = ({ checksPerMinute, checksPerDay }: WhatsAppWebAccount) => ({
  perMinute: checksPerMinute,
  perDay: checksPerDay,
});

/** Another one every minute, so that one number that was given up by its owner blinds for no longer. */
const canaryOf = ({ canaries }: WhatsAppWebAccount, now: Instant): string | null =>
  canaries[Math.trunc(now / 60_000) % canaries.length] ?? null;
