import { describe, expect, it } from "vitest";
import { readSettings } from "#config";
import { whatsAppWebSettings } from "#chat/whatsapp-web";
import { whatsAppWebAccount } from "../../src/chat/channels/whatsapp-web/account.ts";
import { accountFrom } from "../../src/chat/channels/whatsapp-web/settings.ts";

const read = (env: Record<string, string>) => readSettings(env, { web: whatsAppWebSettings }).web;

describe("the settings of WhatsApp Web", () => {
  it("are off by default", () => expect(accountFrom(read({}))).toBeNull());

  it("become an account: numbers in digits, checks on, everything riskier off", () => {
    const env = { WHATSAPP_WEB_NUMBER: "+7 999 000-00-01", WHATSAPP_WEB_CANARIES: "+79990000002, +7(999)0000003" };
    expect(accountFrom(read(env))).toEqual({
      number: "79990000001",
      probe: true,
      canaries: ["79990000002", "79990000003"],
      checksPerMinute: 10,
      checksPerDay: 300,
      channel: false,
      invites: false,
    });
  });

  it.each([
    [{ WHATSAPP_WEB_NUMBER: "shop" }, "WHATSAPP_WEB_NUMBER must be a telephone number"],
    [{ WHATSAPP_WEB_NUMBER: "+79990000001", WHATSAPP_WEB_CANARIES: "me" }, "WHATSAPP_WEB_CANARIES must be"],
    [{ WHATSAPP_WEB_INVITES: "on" }, "WHATSAPP_WEB_CHANNEL=on"],
    [{ WHATSAPP_WEB_URL: "https://web.whatsapp.com" }, "WHATSAPP_WEB_URL must be an address that starts with wss://"],
    [{ WHATSAPP_WEB_ROOT_KEY: "abc" }, "64 hexadecimal digits"],
  ])("that are wrong are named in a sentence: %j", (env, sentence) => expect(() => read(env)).toThrow(sentence));

  it("of a stored connection refuse what is no number", () => {
    expect(whatsAppWebAccount.safeParse({ number: "12" }).success).toBe(false);
    expect(whatsAppWebAccount.safeParse({ number: "+79990000001", checksPerDay: 0 }).success).toBe(false);
  });
});
