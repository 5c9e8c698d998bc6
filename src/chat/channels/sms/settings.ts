import { optionalText, settingsPart, text, wholeNumber } from "#config";
import type { SettingsOf } from "#config";
import { isCountry, readPhone, type PhoneNumber } from "#kit";
import { z } from "zod";

const countries = (value: string) => value.split(",").map((code) => code.trim().toUpperCase());

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
    if (number !== undefined && readPhone(number) !== number)
      return "SMS_NUMBER is not a number with + and country code, e.g. +74951234567. Change SMS_NUMBER in .env and start again.";
    const wrong = countries(SMS_COUNTRIES).find((code) => !isCountry(code));
    return wrong === undefined
      ? null
      : `SMS_COUNTRIES names ${wrong}, which is no country code. Write codes such as RU,KZ and start again.`;
  },
});

export interface SmsSettings {
  number: PhoneNumber;
  countries: string[];
  perHour: number;
  perNumberPerDay: number;
}

/** What `createSms` takes, from `.env`; null when there is no SMS. */
export function smsFrom(values: SettingsOf<typeof smsSettings>): SmsSettings | null {
  if (values.SMS_NUMBER === undefined) return null;
  return {
    number: values.SMS_NUMBER as PhoneNumber,
    countries: countries(values.SMS_COUNTRIES),
    perHour: values.SMS_PER_HOUR,
    perNumberPerDay: values.SMS_PER_NUMBER_PER_DAY,
  };
}
