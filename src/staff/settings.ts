import { optionalText, settingsPart, wholeNumber, type SettingsOf } from "#config";
import { z } from "zod";
import { MIN_PASSWORD } from "./core/account.ts";

/** What `.env` says about operators and their sign-in. */
export const staffSettings = settingsPart({
  title: "Operators",
  schema: z.object({
    ADMIN_EMAIL: optionalText("The first administrator, created at start when nobody has this email yet."),
    ADMIN_PASSWORD: optionalText(
      `The first administrator's password, at least ${MIN_PASSWORD} characters; change it after the first sign-in.`,
    ),
    SESSION_IDLE_HOURS: wholeNumber(
      12,
      { min: 1, max: 168 },
      "Hours without a request after which an operator must sign in again.",
    ),
    SESSION_DAYS: wholeNumber(7, { min: 1, max: 90 }, "Days after which an operator must sign in again in any case."),
  }),
  contradiction: ({ ADMIN_EMAIL, ADMIN_PASSWORD }) => {
    if (ADMIN_EMAIL && !ADMIN_PASSWORD) return "ADMIN_EMAIL is set but ADMIN_PASSWORD is not. Set both or neither.";
    if (ADMIN_PASSWORD && !ADMIN_EMAIL) return "ADMIN_PASSWORD is set but ADMIN_EMAIL is not. Set both or neither.";
    if (ADMIN_EMAIL && !z.email().safeParse(ADMIN_EMAIL).success)
      return `ADMIN_EMAIL is not an email address. Set ADMIN_EMAIL to one such as admin@example.com.`;
    if (ADMIN_PASSWORD && ADMIN_PASSWORD.length < MIN_PASSWORD)
      return `ADMIN_PASSWORD is shorter than ${MIN_PASSWORD} characters. Set ADMIN_PASSWORD to a longer one.`;
    return null;
  },
});

/** The values of this part of `.env`. */
export type StaffSettings = SettingsOf<typeof staffSettings>;
