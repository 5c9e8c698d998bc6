import type { Connection, ConnectionKind } from "#company";
import type { SettingsOf } from "#config";
import type { Database } from "#db";
import { later, seconds, type Clock } from "#kit";
import { whatsAppWebAccount, type WhatsAppWebAccount } from "./account.ts";
import type { Outcome } from "./core/answer.ts";
import { lineTrouble } from "./core/trouble.ts";
import type { Desk } from "./desk.ts";
import { readLine } from "./line-store.ts";
import { accountFrom, type whatsAppWebSettings } from "./settings.ts";
import { WARNING } from "./words.ts";

interface Deps {
  db: Database;
  clock: Clock;
  desk: Pick<Desk, "ask">;
  use(connections: Connection<WhatsAppWebAccount>[]): Promise<void>;
}

const PATIENCE = seconds(5);

/** How an account is connected: nothing to paste anywhere, but a telephone has to confirm the link. */
export const whatsAppWebKind = (
  kind: string,
  settings: SettingsOf<typeof whatsAppWebSettings>,
  { db, clock, desk, use }: Deps,
): ConnectionKind<WhatsAppWebAccount> => ({
  kind,
  schema: whatsAppWebAccount,
  secrets: [],
  accountOf: ({ number }) => number,
  fromEnvironment: accountFrom(settings),

  /** Asks WhatsApp about the account itself: it surely is registered. */
  async check({ number }) {
    const row = await readLine(db, number);
    if (row && !row.enabled) return wrong("It was switched off. Switch it on with POST /api/whatsapp-web/…/start.");
    const trouble = row && lineTrouble(row.line);
    if (trouble) return wrong(trouble.words);
    if (!row?.paired) return wrong("The account is not linked yet. Link it with POST /api/whatsapp-web/…/pair.");
    const askedAt = clock.now();
    const done = await desk.ask<Outcome>(number, { do: "look-up", number }, later(askedAt, PATIENCE));
    if (done.kind !== "done") return wrong("The line is not connected at the moment. Look at its state in a minute.");
    if (done.answer !== "registered") return wrong(`WhatsApp did not confirm the account itself (${done.answer}).`);
    return { ok: true, facts: { roundTripMs: clock.now() - askedAt, warning: WARNING } };
  },

  use,
  addresses: () => [],
});

const wrong = (sentence: string) => ({ ok: false as const, sentence });
