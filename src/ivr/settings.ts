import { settingsPart, text, wholeNumber } from "#config";
import { isRegion, locales, type Locale } from "#kit";
import { z } from "zod";
import type { Hotline } from "./seed.ts";

const HOTLINE = new RegExp(`^(\\+[1-9]\\d{6,14}):(${locales.join("|")})$`);

export const ivrSettings = settingsPart({
  title: "Hotline",
  schema: z.object({
    HOTLINES: z
      .string()
      .default("")
      .transform((list) => list.split(",").flatMap((part) => part.trim() || []))
      .refine(
        (parts) => parts.every((part) => HOTLINE.test(part)),
        "must be numbers with a language, such as +74951234567:ru,+77172123456:kk",
      )
      .transform((parts) => parts.map(readHotline))
      .describe(
        "Hotline numbers and their languages, e.g. +74951234567:ru,+77172123456:kk. Empty: TWILIO_NUMBER in DEFAULT_LOCALE.",
      ),
    DEFAULT_QUEUE: text(
      "hotline-ru",
      "Queue of calls to a number no queue has, and of callers who are kept while the database is away.",
    ),
    DEFAULT_LOCALE: z
      .enum(locales, `must be one of ${locales.join(", ")}`)
      .default("ru")
      .describe("Language of what callers hear while the database is away."),
    PHONE_REGION: z
      .string()
      .default("RU")
      .refine(isRegion, "must be a country such as RU, KZ or GB")
      .describe("Country of numbers without a country code; brands may have their own."),
    ANNOUNCE_EVERY_SECONDS: wholeNumber(
      60,
      { min: 15, max: 600 },
      "How often a waiting caller hears the place and the expected wait.",
    ),
    OPERATOR_RING_SECONDS: wholeNumber(
      20,
      { min: 5, max: 120 },
      "How long an operator's line waits for a caller to come out of the queue.",
    ),
  }),
});

function readHotline(part: string): Hotline {
  const [number = "", locale] = part.split(":");
  return { number, locale: locale as Locale };
}
