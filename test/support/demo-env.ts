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
