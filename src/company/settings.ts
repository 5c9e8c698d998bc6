import { settingsPart } from "#config";
import { z } from "zod";
import { isTimeZone } from "./core/schedule.ts";

const KEY_BYTES = 32;

const key = (about: string) =>
  z
    .string()
    .optional()
    .transform((text) => (text ? Buffer.from(text, "base64") : undefined))
    .refine(
      (bytes) => bytes === undefined || bytes.length === KEY_BYTES,
      "must be 32 bytes in base64, as openssl rand -base64 32 prints them",
    )
    .describe(about);

/** The company's part of `.env`. */
export const companySettings = settingsPart({
  title: "Company",
  schema: z.object({
    TIME_ZONE: z
      .string()
      .default("Europe/Moscow")
      .refine(isTimeZone, "must be a time zone such as Europe/Moscow or Asia/Almaty")
      .describe("Time zone of hours and of times customers are told; brands may have their own."),
    SECRETS_KEY: key(
      "Seals the secrets of connections kept in the database: 32 bytes in base64 (openssl rand -base64 32). Empty: only the connections of this file.",
    ),
    SECRETS_KEY_OLD: key("The previous SECRETS_KEY: what it sealed is opened and sealed anew at the next start."),
  }),
  contradiction: ({ SECRETS_KEY, SECRETS_KEY_OLD }) =>
    SECRETS_KEY_OLD && !SECRETS_KEY
      ? "SECRETS_KEY_OLD is set without SECRETS_KEY. Set SECRETS_KEY to the new key, or move the old one there."
      : null,
});
