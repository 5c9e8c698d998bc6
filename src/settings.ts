import { botSettings } from "#bot";
import { chatSettings } from "#chat";
import { smsSettings } from "#chat/sms";
import { telegramSettings } from "#chat/telegram";
import { whatsAppSettings } from "#chat/whatsapp-cloud";
import { whatsAppWebSettings } from "#chat/whatsapp-web";
import { DEFAULT_BRAND, companySettings, type Brand } from "#company";
import type { readSettings } from "#config";
import { demoCrmSettings } from "#crm/demo";
import { dbSettings } from "#db";
import { httpSettings } from "#http";
import { ivrSettings } from "#ivr";
import { processSettings } from "#jobs";
import { inEveryLanguage } from "#kit";
import { mediaSettings } from "#media";
import { outboundSettings } from "#outbound";
import { routerSettings } from "#router";
import { staffSettings } from "#staff";
import { twilioSettings } from "#voice/twilio";
import { watchSettings } from "#watch";

/** Every part of `.env`, in the order of `.env.example`. */
export const settingsParts = {
  http: httpSettings,
  db: dbSettings,
  process: processSettings,
  staff: staffSettings,
  company: companySettings,
  twilio: twilioSettings,
  ivr: ivrSettings,
  router: routerSettings,
  outbound: outboundSettings,
  whatsapp: whatsAppSettings,
  whatsappWeb: whatsAppWebSettings,
  telegram: telegramSettings,
  sms: smsSettings,
  chat: chatSettings,
  bot: botSettings,
  media: mediaSettings,
  crm: demoCrmSettings,
  watch: watchSettings,
};

/** All of `.env`, read. */
export type Settings = ReturnType<typeof readSettings<typeof settingsParts>>;

/** The brand of whatever names none, as the settings describe it. */
export const brandFrom = ({ chat, ivr, company }: Settings): Brand => ({
  code: DEFAULT_BRAND,
  name: inEveryLanguage(chat.CHAT_SHOP_NAME),
  locale: chat.CHAT_DEFAULT_LOCALE,
  region: ivr.PHONE_REGION,
  timeZone: company.TIME_ZONE,
  hours: [],
  holidays: [],
});
