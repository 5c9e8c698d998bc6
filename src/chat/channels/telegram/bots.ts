import { createHmac } from "node:crypto";
import type { Connection } from "#company";
import { sameSecret } from "#kit";
import type { Account, Webhook } from "../../channel.ts";
import type { TelegramBot } from "./settings.ts";

/** One of our bots, as it stands with Telegram. */
export interface Bot {
  account: string;
  brand: string | null;
  settings: TelegramBot;
  /** What Telegram sends with every update. */
  secret: string;
  /** Without the @; null until Telegram has told it. */
  username: string | null;
  /** The first update not taken yet, for one that is asked for them. */
  offset: number;
}

/** Our bots as they are now. */
export interface Bots {
  use(connections: Connection<TelegramBot>[]): void;
  all(): Bot[];
  find(account: string): Bot | null;
  traits(account: string): Account | null;
  /** The bot whose secret came with this webhook; the address may name it. */
  callerOf(webhook: Pick<Webhook, "headers" | "account">): Bot | null;
}

export function createBots(): Bots {
  let bots = new Map<string, Bot>();

  /** A bot whose settings did not change keeps what is known about it. */
  function botFrom({ account, brand, settings }: Connection<TelegramBot>): Bot {
    const known = bots.get(account);
    const isSame = known && JSON.stringify(known.settings) === JSON.stringify(settings);
    if (isSame) return Object.assign(known, { brand });
    return { account, brand, settings, secret: secretOf(settings), username: null, offset: 0 };
  }

  return {
    use: (next) => void (bots = new Map(next.map((connection) => [connection.account, botFrom(connection)]))),
    all: () => [...bots.values()],
    find: (account) => bots.get(account) ?? null,
    traits(account) {
      const bot = bots.get(account);
      return bot
        ? { brand: bot.brand, invites: true, perSecond: bot.settings.messagesPerSecond, inviteTemplate: null }
        : null;
    },
    callerOf({ headers, account }) {
      const given = headers["x-telegram-bot-api-secret-token"];
      if (typeof given !== "string") return null;
      const named = [...bots.values()].filter((bot) => account === null || bot.account === account);
      return named.find(({ secret, settings }) => !settings.polling && sameSecret(given, secret)) ?? null;
    },
  };
}

/** Without a secret of its own a bot has one that only whoever has its token can make. */
const secretOf = ({ token, webhookSecret }: TelegramBot): string =>
  webhookSecret || createHmac("sha256", token).update("webhook secret").digest("base64url");
