/** Credentials the stand-ins and the product agree on in tests; none of them opens anything real. */
export const demo = {
  accountSid: "AC00000000000000000000000000000001",
  authToken: "twilio-auth-token-of-the-stand-in",
  hotline: { ru: "+74950000142", en: "+442071234567" },
  phoneNumberId: "106540352242922",
  businessAccountId: "102290129340398",
  accessToken: "whatsapp-token-of-the-stand-in",
  appSecret: "whatsapp-app-secret-of-the-stand-in",
  verifyToken: "verify-me",
  bot: { token: "777000:AAE-bot-token-of-the-stand-in", username: "kubik_bot", name: "Kubik & Co" },
  botSecret: "webhook-secret-of-the-stand-in",
  crmToken: "crm-token-of-the-stand-in",
  admin: { email: "admin@kubik.example", password: "correct horse battery" },
};

/** What a program must be told to work with both providers. */
export const demoProviders = {
  TWILIO_ACCOUNT_SID: demo.accountSid,
  TWILIO_AUTH_TOKEN: demo.authToken,
  TWILIO_NUMBER: demo.hotline.ru,
  WHATSAPP_PHONE_NUMBER_ID: demo.phoneNumberId,
  WHATSAPP_BUSINESS_ACCOUNT_ID: demo.businessAccountId,
  WHATSAPP_ACCESS_TOKEN: demo.accessToken,
  WHATSAPP_APP_SECRET: demo.appSecret,
  WHATSAPP_VERIFY_TOKEN: demo.verifyToken,
};

/** Where the product will listen, and its providers' stand-ins. */
interface Place {
  port: number;
  twilio: { url: string | null };
  whatsapp: { url: string };
}

/** The toy shop's settings with stand-ins for its providers. */
export const demoSettings = ({ port, twilio, whatsapp }: Place) => ({
  HOST: "127.0.0.1",
  PORT: String(port),
  PUBLIC_URL: `http://127.0.0.1:${port}`,
  ADMIN_EMAIL: demo.admin.email,
  ADMIN_PASSWORD: demo.admin.password,
  BOT_DEMO_FAQ: "on",
  TWILIO_BASE_URL: twilio.url!,
  WHATSAPP_BASE_URL: whatsapp.url,
  WHATSAPP_MEDIA_ORIGINS: whatsapp.url,
  ...demoProviders,
});
