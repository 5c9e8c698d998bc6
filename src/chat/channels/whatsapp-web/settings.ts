import { flag, optionalText, settingsPart, wholeNumber } from "#config";
import type { SettingsOf } from "#config";
import { z } from "zod";
import { whatsAppWebAccount, type WhatsAppWebAccount } from "./account.ts";

const list = (about: string) =>
  z
    .string()
    .default("")
    .transform((text) =>
      text
        .split(",")
        .map((one) => one.trim())
        .filter(Boolean),
    )
    .describe(about);

const ROOT_KEY = /^[0-9a-f]{64}$/i;
const NO_KEY = "0".repeat(64);

/** The part of `.env` of WhatsApp Web. */
export const whatsAppWebSettings = settingsPart({
  title: "WhatsApp Web (unofficial)",
  schema: z.object({
    WHATSAPP_WEB_NUMBER: optionalText(
      "Number of an account to be linked as a browser, with + and country code. Unofficial, accounts get banned: read docs/whatsapp-web.md first. Empty: off.",
    ),
    WHATSAPP_WEB_PROBE: flag(true, "Ask over this account whether a caller is on WhatsApp before writing."),
    WHATSAPP_WEB_CANARIES: list(
      'Numbers that are surely on WhatsApp, e.g. +79991234567,+79991234568. Without them no answer "not registered" is believed.',
    ),
    WHATSAPP_WEB_CHECKS_PER_MINUTE: wholeNumber(
      10,
      { min: 1, max: 600 },
      "Numbers that may be asked about in a minute.",
    ),
    WHATSAPP_WEB_CHECKS_PER_DAY: wholeNumber(
      300,
      { min: 1, max: 100_000 },
      "Numbers that may be asked about in a day.",
    ),
    WHATSAPP_WEB_CHANNEL: flag(false, "Talk with customers over this account as well."),
    WHATSAPP_WEB_INVITES: flag(
      false,
      "Let this account write to callers first. It is what gets accounts banned most; needs WHATSAPP_WEB_CHANNEL.",
    ),
    WHATSAPP_WEB_URL: z
      .url({ protocol: /^wss?$/, error: "must be an address that starts with wss:// or ws://" })
      .default("wss://web.whatsapp.com/ws/chat")
      .describe("Where WhatsApp Web answers."),
    WHATSAPP_WEB_ROOT_KEY: optionalText(
      "Public key that vouches for another server than WhatsApp's own, hexadecimal; for stand-ins.",
    ),
  }),
  contradiction(values): string | null {
    if (!ROOT_KEY.test(values.WHATSAPP_WEB_ROOT_KEY ?? NO_KEY))
      return "WHATSAPP_WEB_ROOT_KEY must be 64 hexadecimal digits. Leave it empty to trust WhatsApp's own.";
    if (values.WHATSAPP_WEB_INVITES && !values.WHATSAPP_WEB_CHANNEL)
      return "WHATSAPP_WEB_INVITES is on without WHATSAPP_WEB_CHANNEL. Set WHATSAPP_WEB_CHANNEL=on, or leave the invites off.";
    const wrong = values.WHATSAPP_WEB_NUMBER === undefined ? null : read(values).error?.issues[0];
    if (!wrong) return null;
    return wrong.path[0] === "canaries"
      ? `WHATSAPP_WEB_CANARIES ${wrong.message}. Write numbers with country codes, separated by commas.`
      : `WHATSAPP_WEB_NUMBER ${wrong.message}.`;
  },
});

type Values = SettingsOf<typeof whatsAppWebSettings>;

const read = (values: Record<string, unknown>) =>
  whatsAppWebAccount.safeParse({
    number: values.WHATSAPP_WEB_NUMBER,
    probe: values.WHATSAPP_WEB_PROBE,
    canaries: values.WHATSAPP_WEB_CANARIES,
    checksPerMinute: values.WHATSAPP_WEB_CHECKS_PER_MINUTE,
    checksPerDay: values.WHATSAPP_WEB_CHECKS_PER_DAY,
    channel: values.WHATSAPP_WEB_CHANNEL,
    invites: values.WHATSAPP_WEB_INVITES,
  });

/** The account of `.env`; null when there is none. */
export const accountFrom = (values: Values): WhatsAppWebAccount | null =>
  values.WHATSAPP_WEB_NUMBER === undefined ? null : read(values).data!;

/** How every line reaches WhatsApp, from `.env`. */
export const serverFrom = (values: Values) => ({
  url: values.WHATSAPP_WEB_URL,
  rootKey: values.WHATSAPP_WEB_ROOT_KEY ?? null,
});
