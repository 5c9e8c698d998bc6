import { optionalText, settingsPart, text, url, wholeNumber, type SettingsOf } from "#config";
import { z } from "zod";

const shaped = <Value extends string | undefined>(setting: z.ZodType<Value>, shape: RegExp, error: string) =>
  setting.refine((value) => value === undefined || shape.test(value), { error });

const voice = (fallback: string, about: string) =>
  shaped(text(fallback, about), /^[A-Za-z0-9.-]{1,64}$/, "must be the name of a Twilio voice, such as Polly.Joanna");

export const twilioSettings = settingsPart({
  title: "Twilio Voice",
  schema: z.object({
    TWILIO_ACCOUNT_SID: shaped(
      optionalText("Account SID from the Twilio console. Empty: no telephone."),
      /^AC[0-9a-f]{32}$/,
      "must be AC and 32 hexadecimal digits, as the Twilio console shows it",
    ),
    TWILIO_AUTH_TOKEN: optionalText("Auth token of that account: signs what Twilio sends us and opens its API."),
    TWILIO_AUTH_TOKEN_OLD: optionalText("The previous auth token, while Twilio changes to the new one."),
    TWILIO_NUMBER: shaped(
      optionalText("The hotline's own number with + and country code, e.g. +74951234567."),
      /^\+[1-9]\d{6,14}$/,
      "must be a number with + and country code and nothing else, e.g. +74951234567",
    ),
    TWILIO_BASE_URL: url("https://api.twilio.com", "Where Twilio's REST API answers."),
    TWILIO_TIMEOUT_MS: wholeNumber(
      5000,
      { min: 100, max: 60_000 },
      "How long one request to Twilio may take, in milliseconds.",
    ),
    VOICE_RU: voice("Polly.Tatyana", "Twilio's voice for Russian."),
    VOICE_EN: voice("Polly.Joanna", "Twilio's voice for English."),
    VOICE_KK: voice(
      "Polly.Tatyana",
      "Twilio's voice for Kazakh sentences that are not recorded; Twilio has no Kazakh one yet.",
    ),
    VOICE_KK_LANGUAGE: shaped(
      text("ru-RU", "Language of VOICE_KK; with kk-KZ callers may also speak their answers."),
      /^[a-z]{2,3}-[A-Z]{2}$/,
      "must be a language such as ru-RU or kk-KZ",
    ),
    VOICE_RECORDINGS: optionalText(
      "Folder with recorded sentences (WAV, named as node scripts/prompts.ts says): they are played, the rest is said.",
    ),
    VOICE_HOLD_MUSIC: optionalText("Path of a WAV file for waiting callers. Empty: Detour's own music."),
  }),
  contradiction(values) {
    if (values.TWILIO_ACCOUNT_SID === undefined) return null;
    if (values.TWILIO_AUTH_TOKEN === undefined) {
      return "TWILIO_AUTH_TOKEN is missing though TWILIO_ACCOUNT_SID is set. Copy it from the Twilio console into .env and start again.";
    }
    if (values.TWILIO_NUMBER === undefined) {
      return "TWILIO_NUMBER is missing though TWILIO_ACCOUNT_SID is set. Write the hotline's number into .env and start again.";
    }
    return null;
  },
});

export type TwilioSettings = SettingsOf<typeof twilioSettings>;
