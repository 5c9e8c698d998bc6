import { optionalText, settingsPart, text, wholeNumber } from "#config";
import type { SettingsOf } from "#config";
import { isCountry, readPhone } from "#kit";
import { z } from "zod";

const countriesIn = (value: string) => value.split(",").map((code) => code.trim().toUpperCase());

const isE164 = (number: string) => readPhone(number) === number;

/** The part of `.env` about text messages. */
export const smsSettings = settingsPart({
  title: "SMS",
  schema: z.object({
    SMS_NUMBER: optionalText("The Twilio number text messages leave from. Empty: no SMS."),
    SMS_COUNTRIES: text(
      "RU,KZ",
      "Countries that may be written to, as two-letter codes; any other number is refused. Keep it short: robots make companies pay for messages to far-away numbers.",
    ),
    SMS_PER_HOUR: wholeNumber(200, { min: 1, max: 100_000 }, "Text messages that may leave in one hour, to everybody."),
    SMS_PER_NUMBER_PER_DAY: wholeNumber(3, { min: 1, max: 100 }, "Text messages one number may get in 24 hours."),
  }),
  contradiction({ SMS_NUMBER: number, SMS_COUNTRIES }) {
    if (number !== undefined && !isE164(number))
      return "SMS_NUMBER is not a number with + and country code, e.g. +74951234567. Change SMS_NUMBER in .env and start again.";
    const wrong = countriesIn(SMS_COUNTRIES).find((code) => !isCountry(code));
    return wrong === undefined
      ? null
      : `SMS_COUNTRIES names ${wrong}, which is no country code. Write codes such as RU,KZ and start again.`;
  },
});

/** One sender of text messages, as a connection keeps it. */
export const smsAccount = z.strictObject({
  number: z.string().refine(isE164, "must be a number with + and country code"),
  countries: z.array(z.string().refine(isCountry, "must be a two-letter country code")).min(1).default(["RU", "KZ"]),
  perHour: z.number().int().min(1).max(100_000).default(200),
  perNumberPerDay: z.number().int().min(1).max(100).default(3),
});
export type SmsAccount = z.output<typeof smsAccount>;

/** The sender of `.env`; null when there is none. */
export function accountFrom(values: SettingsOf<typeof smsSettings>): SmsAccount | null {
  if (values.SMS_NUMBER === undefined) return null;
  return {
    number: values.SMS_NUMBER,
    countries: countriesIn(values.SMS_COUNTRIES),
    perHour: values.SMS_PER_HOUR,
    perNumberPerDay: values.SMS_PER_NUMBER_PER_DAY,
  };
}
