import { afterEach, describe, expect, it } from "vitest";
import { eventually } from "../support/eventually.ts";
import { callerHearingOffer, MOBILE, operator, sentences, story } from "../support/people.ts";
import { WEB_ACCOUNT, webAccount, type WebAccount } from "../support/web-account.ts";
import { createWorld, type World } from "../support/world.ts";

let world: World;
let account: WebAccount;

async function open(settings: Record<string, string>) {
  world = await createWorld(settings, {
    guest: async (clock) => {
      account = await webAccount(clock);
      return account.settings;
    },
  });
  await operator(world);
  await account.link(world);
}
afterEach(async () => {
  await world.close();
  await account.web.close();
});

/** The world goes on while real sockets do their part. */
const until = (what: string, happened: () => boolean | Promise<boolean>) =>
  eventually(what, async () => {
    await world.advance(500);
    return happened();
  });

describe("a customer who writes over WhatsApp Web", () => {
  it("is answered there by the bot, and handed to people, in one conversation, under either name", async () => {
    await open({ WHATSAPP_WEB_CHANNEL: "on" });
    account.web.register("79167770001", { name: "Anna" });
    const anna = account.web.customer("79167770001", WEB_ACCOUNT);
    await anna.write("Где мой заказ 48213?");
    await until("the bot answers", () => anna.received.length > 0);
    expect(anna.received[0]!.text).toMatch(/48213/);

    await anna.write("Позовите человека", { address: "pn" });
    await until("the bot hands over", () => anna.received.length > 1);
    const conversations = await world.db.query<{ channel: string; account: string; owner: string }>(
      "select channel, account, owner from conversation",
    );
    expect(conversations).toEqual([
      { channel: "whatsapp-web", account: WEB_ACCOUNT, owner: expect.stringMatching(/queue|operator/) },
    ]);
    await until("every answer has its receipt", async () => {
      const open = await world.db.query("select 1 from message where author = 'bot' and status <> 'delivered'");
      return open.length === 0;
    });
  });
});

const withoutCloud = {
  WHATSAPP_PHONE_NUMBER_ID: "",
  WHATSAPP_BUSINESS_ACCOUNT_ID: "",
  WHATSAPP_ACCESS_TOKEN: "",
  WHATSAPP_APP_SECRET: "",
  WHATSAPP_VERIFY_TOKEN: "",
};

describe("a company that has nothing but an account of WhatsApp Web", () => {
  it("offers callers nothing by default: the account never writes first", async () => {
    await open({ ...withoutCloud, WHATSAPP_WEB_CHANNEL: "on" });
    const phone = world.twilio.phones.call({ from: MOBILE });
    await world.advance(90_000);

    const decisions = (await story(world, phone)).filter(({ kind }) => kind === "offer.decided");
    expect(decisions.map(({ data }) => data["reason"])).toContain("no-messenger");
    expect(decisions.some(({ data }) => data["offer"])).toBe(false);
  });

  it("and has set WHATSAPP_WEB_INVITES invites by a plain text; the call ends after its receipt", async () => {
    await open({ ...withoutCloud, WHATSAPP_WEB_CHANNEL: "on", WHATSAPP_WEB_INVITES: "on" });
    account.web.register(MOBILE.slice(1), { name: "Anna" });
    const anna = account.web.customer(MOBILE.slice(1), WEB_ACCOUNT);
    const phone = await callerHearingOffer(world);
    phone.press("1");
    await until("the call ends", () => phone.state === "ended");

    expect(sentences(phone).at(-1)).toContain("Сообщение доставлено");
    expect(anna.received.map(({ text }) => text)).toEqual([expect.stringMatching(/^Вы звоните в /)]);
    await anna.write("Возврат");
    await until("the bot answers in the same conversation", () => anna.received.length > 1);
    expect(await world.db.query("select call_id is not null as linked from conversation")).toEqual([{ linked: true }]);
  });
});
