import type { ConnectionKind } from "#company";
import type { SettingsOf } from "#config";
import type { Clock } from "#kit";
import type { Pump } from "#jobs";
import type { Abilities, Channel, ChannelEvent, SendOutcome } from "../../channel.ts";
import { createBots } from "./bots.ts";
import { checkBot } from "./check.ts";
import { createClient } from "./client.ts";
import { createIntroductions } from "./introduction.ts";
import { keyOf } from "./keys.ts";
import { hasSeen, readName } from "./names.ts";
import { sendOutcome } from "./outcome.ts";
import { payloadOf } from "./payload.ts";
import { createPull } from "./pull.ts";
import { readBody } from "./read.ts";
import { accountOf, botFrom, telegramBot, type TelegramBot, type telegramSettings } from "./settings.ts";

export { telegramSettings } from "./settings.ts";

const NAME = "telegram";

/** What Telegram can do; limits as the Bot API documents them (docs/telegram.md). */
export const telegramAbilities: Abilities = {
  freeTextWindowMs: null,
  writesFirst: "never",
  buttons: { most: 8, titleLength: 40 },
  list: { mostRows: 20, titleLength: 40, descriptionLength: 0 },
  textLength: 4096,
  showsTyping: true,
  media: null,
  asksPhone: true,
  tellsBlocks: true,
  budget: { perSecond: 30, perCustomer: { everyMs: 1000, burst: 1 } },
};

/** The messenger, and how its bots are connected. */
export interface Telegram {
  channel: Channel;
  connections: ConnectionKind<TelegramBot>;
  /** Tells Telegram where the bots' updates go. */
  pump: Pump;
}

/** Telegram bots on the Bot API, as many as there are. */
export function createTelegram(
  settings: SettingsOf<typeof telegramSettings>,
  { clock, publicUrl }: { clock: Clock; publicUrl: string },
): Telegram {
  const baseUrl = settings.TELEGRAM_BASE_URL;
  const client = createClient({ baseUrl, timeoutMs: settings.TELEGRAM_TIMEOUT_MS }, clock);
  const bots = createBots();
  const webhookOf = (account: string) => `${publicUrl}/channels/${NAME}/${account}/webhook`;
  const introductions = createIntroductions({ clock, client, bots, webhookOf });

  const channel: Channel = {
    name: NAME,
    abilities: telegramAbilities,

    accounts: () => bots.all().map(({ account }) => account),
    account: bots.traits,

    isGenuine: (webhook) => bots.callerOf(webhook) !== null,
    whenForged: 401,
    greet: () => null,

    read(webhook) {
      const bot = bots.callerOf(webhook);
      return bot && readBody(webhook.rawBody, bot.account);
    },

    addressFor: () => null,

    async send(message) {
      const bot = bots.find(message.to.account);
      if (!bot) return GONE;
      const payload = payloadOf(message, telegramAbilities);
      return sendOutcome(await client.call(bot.settings.token, (api) => api.sendMessage(payload)), message.to);
    },

    async acknowledge({ account, providerId, typing }) {
      const bot = bots.find(account);
      const name = readName(providerId);
      if (!bot || !name || !typing) return;
      await client.call(bot.settings.token, (api) =>
        api.sendChatAction({ chat_id: Number(name.chat), action: "typing" }),
      );
    },

    stored(events) {
      for (const event of events) void endSpinner(event);
    },

    keyOf,
    hasSeen,

    link(account, token) {
      const username = bots.find(account)?.username ?? null;
      return username === null ? null : `https://t.me/${username}?start=${token}`;
    },

    pull: createPull({ bots, client, introductions }),

    async close() {
      bots.use([]);
      client.close();
    },
  };

  /** A tapped button shows a spinner until its query is answered; too late is no harm. */
  async function endSpinner(event: ChannelEvent): Promise<void> {
    if (event.kind !== "message" || event.content.kind !== "choice") return;
    const query = readName(event.providerId)?.tap ?? null;
    const bot = bots.find(event.account);
    if (query === null || !bot) return;
    await client.call(bot.settings.token, (api) => api.answerCallbackQuery({ callback_query_id: query }));
  }

  return {
    channel,
    connections: {
      kind: NAME,
      schema: telegramBot,
      secrets: ["token", "webhookSecret"],
      accountOf,
      fromEnvironment: botFrom(settings),
      async check(settings) {
        const account = accountOf(settings);
        const bot = bots.find(account);
        const refused = bot && bot.settings.token === settings.token ? await introductions.introduce(bot) : null;
        return checkBot(client, settings, { baseUrl, webhook: webhookOf(account), refused, now: clock.now() });
      },
      use: bots.use,
      /** Nothing to paste: the webhook is set by us. */
      addresses: () => [],
    },
    pump: introductions.pump,
  };
}

const GONE: SendOutcome = {
  kind: "refused",
  because: "not-allowed",
  code: "account_gone",
  words: "The bot this conversation belongs to is no longer connected.",
};
