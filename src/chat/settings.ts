import { flag, settingsPart, text, wholeNumber, type SettingsOf } from "#config";
import { locales } from "#kit";
import { z } from "zod";

const MINUTE = 60_000;

export const chatSettings = settingsPart({
  title: "Chat",
  schema: z.object({
    CHAT_SHOP_NAME: text("Detour", "Name of the company as customers hear and read it; brands have their own."),
    CHAT_DEFAULT_LOCALE: z
      .enum(locales, `must be one of ${locales.join(", ")}`)
      .default("ru")
      .describe("Language of customers whose language is not known yet."),
    CHAT_QUEUE: text(
      "hotline-ru",
      "Queue of conversations that did not come from a call; those with a brand's own account wait in its queue.",
    ),
    CHAT_QUIET_WINDOW_MS: wholeNumber(
      2000,
      { min: 0, max: 30_000 },
      "A burst of messages has ended after this long without another one.",
    ),
    CHAT_BURST_MOST_MS: wholeNumber(
      8000,
      { min: 0, max: 60_000 },
      "A burst is answered at the latest this long after its first message.",
    ),
    CHAT_BOT_PATIENCE_MS: wholeNumber(
      3000,
      { min: 100, max: 30_000 },
      "A bot that has not answered after this long hands over to a person.",
    ),
    CHAT_SHOW_TYPING: flag(true, "Mark messages as read and show that an answer is being written."),
    CHAT_RATING_WINDOW_HOURS: wholeNumber(
      24,
      { min: 1, max: 168 },
      "How long after closing a score from 1 to 5 is taken as the rating.",
    ),
    CHAT_SILENT_AFTER_MS: wholeNumber(
      10 * MINUTE,
      { min: MINUTE, max: 1440 * MINUTE },
      "A chat whose customer is silent for this long no longer counts against an operator's capacity.",
    ),
    CHAT_HANDLING_SECONDS: wholeNumber(
      240,
      { min: 10, max: 7200 },
      "How long an operator is busy with one conversation, for the estimate of the wait.",
    ),
    UNCLEAR_SETTLE_MS: wholeNumber(
      120_000,
      { min: 100, max: 3_600_000 },
      "How long this program must have been up before a send without any answer or receipt is given up as unclear.",
    ),
  }),
  contradiction: ({ CHAT_QUIET_WINDOW_MS, CHAT_BURST_MOST_MS }) =>
    CHAT_BURST_MOST_MS < CHAT_QUIET_WINDOW_MS
      ? "CHAT_BURST_MOST_MS is shorter than CHAT_QUIET_WINDOW_MS. Make it at least as long, or shorten CHAT_QUIET_WINDOW_MS."
      : null,
});

/** The chat's part of `.env`, read. */
export type ChatSettings = SettingsOf<typeof chatSettings>;
