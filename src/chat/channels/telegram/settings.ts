import { flag, settingsPart, url, wholeNumber, type SettingsOf } from "#config";
import { z } from "zod";

const TOKEN = /^\d{5,20}:[A-Za-z0-9_-]{10,100}$/;
const SECRET = /^[A-Za-z0-9_-]{0,256}$/;
const TOKEN_WORDS = "must look like 123456789:AAE…, as @BotFather shows it";
const SECRET_WORDS = "may hold only letters, digits, _ and -, at most 256";

const FASTEST = 30;

/** Telegram's part of `.env`. */
export const telegramSettings = settingsPart({
  title: "Telegram",
  schema: z.object({
    TELEGRAM_BOT_TOKEN: z
      .string()
      .regex(TOKEN, TOKEN_WORDS)
      .optional()
      .describe("Token of the bot, from @BotFather. Empty: no Telegram."),
    TELEGRAM_WEBHOOK_SECRET: z
      .string()
      .regex(SECRET, SECRET_WORDS)
      .optional()
      .describe("Proves that an update comes from Telegram: letters, digits, _ and -. Empty: made from the token."),
    TELEGRAM_POLLING: flag(
      false,
      "Ask Telegram for updates instead of being called: for a computer without a public address.",
    ),
    TELEGRAM_BASE_URL: url("https://api.telegram.org", "Address of the Bot API."),
    TELEGRAM_TIMEOUT_MS: wholeNumber(
      10_000,
      { min: 500, max: 60_000 },
      "How long a call may take before the fate of a message is unclear.",
    ),
  }),
});

/** One bot, as a connection keeps it. */
export const telegramBot = z.strictObject({
  token: z.string().trim().regex(TOKEN, TOKEN_WORDS),
  webhookSecret: z.string().trim().regex(SECRET, SECRET_WORDS).default(""),
  polling: z.boolean().default(false),
  messagesPerSecond: z.number().int().min(1).max(1000).default(FASTEST),
});
export type TelegramBot = z.output<typeof telegramBot>;

/** The bot of `.env`; null when there is none. */
export function botFrom(values: SettingsOf<typeof telegramSettings>): TelegramBot | null {
  if (values.TELEGRAM_BOT_TOKEN === undefined) return null;
  return {
    token: values.TELEGRAM_BOT_TOKEN,
    webhookSecret: values.TELEGRAM_WEBHOOK_SECRET ?? "",
    polling: values.TELEGRAM_POLLING,
    messagesPerSecond: FASTEST,
  };
}

/** The bot's id stands before the colon of its token. */
export const accountOf = ({ token }: TelegramBot): string => token.split(":")[0]!;
