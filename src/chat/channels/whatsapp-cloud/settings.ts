import { optionalText, settingsPart, text, url, wholeNumber } from "#config";
import type { SettingsOf } from "#config";
import { z } from "zod";

/** What a company copies from Meta's developer pages; the number is connected when all five are there. */
const NEEDED = [
  "WHATSAPP_PHONE_NUMBER_ID",
  "WHATSAPP_BUSINESS_ACCOUNT_ID",
  "WHATSAPP_ACCESS_TOKEN",
  "WHATSAPP_APP_SECRET",
  "WHATSAPP_VERIFY_TOKEN",
] as const;

const INVITE_TEMPLATE = "queue_offer";

/** The WhatsApp Cloud API's part of `.env`. */
export const whatsAppSettings = settingsPart({
  title: "WhatsApp Cloud API",
  schema: z.object({
    WHATSAPP_PHONE_NUMBER_ID: optionalText(
      "Id of the business number, from API Setup in Meta's app dashboard. Empty: no WhatsApp.",
    ),
    WHATSAPP_BUSINESS_ACCOUNT_ID: optionalText("Id of the WhatsApp Business account the number belongs to."),
    WHATSAPP_ACCESS_TOKEN: optionalText("Token of a system user with whatsapp_business_messaging."),
    WHATSAPP_APP_SECRET: optionalText("App secret; every webhook is checked against it."),
    WHATSAPP_APP_SECRET_OLD: optionalText("The previous app secret, accepted as well while it is being replaced."),
    WHATSAPP_VERIFY_TOKEN: optionalText("Any secret text; the same is typed into Meta's webhook form."),
    WHATSAPP_BASE_URL: url("https://graph.facebook.com", "Address of Meta's Graph API."),
    WHATSAPP_API_VERSION: text("v23.0", "Version of the Graph API."),
    WHATSAPP_TIMEOUT_MS: wholeNumber(
      10_000,
      { min: 500, max: 60_000 },
      "How long a send may take before its fate is unclear.",
    ),
    WHATSAPP_MESSAGES_PER_SECOND: wholeNumber(80, { min: 1, max: 10_000 }, "Messages the number may send in a second."),
    WHATSAPP_INVITE_TEMPLATE: text(
      INVITE_TEMPLATE,
      "Name of the approved template that invites a caller: two body variables (company, place) and two quick replies.",
    ),
  }),
  contradiction(values) {
    const missing = NEEDED.filter((name) => values[name] === undefined);
    if (missing.length === 0 || missing.length === NEEDED.length) return null;
    return `WhatsApp is connected by half: ${missing[0]} is missing. Set ${missing.join(" and ")}, or leave all WHATSAPP_ settings empty.`;
  },
});

const id = z
  .string()
  .trim()
  .regex(/^\d{5,30}$/, "must be digits, as Meta shows them");
const secret = z.string().trim().min(1, "must not be empty").max(1000);

/** One business number, as a connection keeps it. */
export const whatsAppAccount = z.strictObject({
  phoneNumberId: id,
  businessAccountId: id,
  accessToken: secret,
  appSecret: secret,
  /** Accepted as well while the secret is being replaced. */
  appSecretOld: z.string().trim().max(1000).default(""),
  verifyToken: secret,
  messagesPerSecond: z.number().int().min(1).max(10_000).default(80),
  inviteTemplate: z
    .string()
    .regex(/^[a-z0-9_]{1,512}$/, "must be the name of a template: small letters, digits and _")
    .default(INVITE_TEMPLATE),
});
export type WhatsAppAccount = z.output<typeof whatsAppAccount>;

/** How all numbers reach Meta. */
export interface GraphApi {
  /** `https://graph.facebook.com` in life. */
  baseUrl: string;
  /** Such as `v23.0`. */
  apiVersion: string;
  timeoutMs: number;
}

type Values = SettingsOf<typeof whatsAppSettings>;

/** Meta's address, from `.env`. */
export const graphApiFrom = (values: Values): GraphApi => ({
  baseUrl: values.WHATSAPP_BASE_URL,
  apiVersion: values.WHATSAPP_API_VERSION,
  timeoutMs: values.WHATSAPP_TIMEOUT_MS,
});

/** The number of `.env`; null when there is none. */
export function accountFrom(values: Values): WhatsAppAccount | null {
  if (values.WHATSAPP_PHONE_NUMBER_ID === undefined) return null;
  return {
    phoneNumberId: values.WHATSAPP_PHONE_NUMBER_ID,
    businessAccountId: values.WHATSAPP_BUSINESS_ACCOUNT_ID ?? "",
    accessToken: values.WHATSAPP_ACCESS_TOKEN ?? "",
    appSecret: values.WHATSAPP_APP_SECRET ?? "",
    appSecretOld: values.WHATSAPP_APP_SECRET_OLD ?? "",
    verifyToken: values.WHATSAPP_VERIFY_TOKEN ?? "",
    messagesPerSecond: values.WHATSAPP_MESSAGES_PER_SECOND,
    inviteTemplate: values.WHATSAPP_INVITE_TEMPLATE,
  };
}
