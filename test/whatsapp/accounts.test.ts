import { createHmac } from "node:crypto";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { PhoneNumber } from "#kit";
import type { ChannelEvent } from "../../src/chat/channel.ts";
import { account, connect, createStand, text, type Stand } from "./stand.ts";
import { webhookWith } from "./helpers.ts";

const second = {
  ...account,
  phoneNumberId: "200000000000001",
  businessAccountId: "300000000000001",
  accessToken: "second-token",
  appSecret: "second-secret",
  appSecretOld: "second-old-secret",
  verifyToken: "second-verify",
};
const sister = { ...second, phoneNumberId: "200000000000002" };
const hello = { from: "77012345678", id: "wamid.A", timestamp: "1749416383", type: "text", text: { body: "hi" } };

/** A webhook about this number, signed with this secret. */
function webhook(number: typeof account, secret: string, path: string | null = null) {
  const body = webhookWith({ messages: [hello] });
  body.entry[0]!.id = number.businessAccountId;
  body.entry[0]!.changes[0]!.value.metadata.phone_number_id = number.phoneNumberId;
  return signed(body, secret, path);
}

function signed(body: object, secret: string, path: string | null = null) {
  const rawBody = Buffer.from(JSON.stringify(body));
  const digest = createHmac("sha256", secret).update(rawBody).digest("hex");
  return { rawBody, query: {}, account: path, headers: { "x-hub-signature-256": `sha256=${digest}` } };
}

const tellOf = (events: ChannelEvent[] | null) =>
  events?.map((event) => `${event.account} ${event.kind}${event.kind === "ignored" ? ` ${event.what}` : ""}`);

describe("several business numbers, apps and business accounts", () => {
  let stand: Stand;
  beforeEach(async () => void (stand = await createStand()));
  afterEach(() => stand.close());

  const open = () => connect(stand.whatsapp.url, stand.clock, account, second, sister);

  it("are heard at one address, each by the secret of its own app", () => {
    const { channel } = open();

    for (const [number, secret] of [
      [account, account.appSecret],
      [second, second.appSecret],
      [second, second.appSecretOld],
      [sister, second.appSecret],
    ] as const) {
      const told = webhook(number, secret);
      expect(channel.isGenuine(told)).toBe(true);
      expect(tellOf(channel.read(told))).toEqual([`${number.phoneNumberId} message`]);
    }
    expect(channel.isGenuine(webhook(account, "a stranger's secret"))).toBe(false);
    expect(channel.isGenuine(webhook(account, ""))).toBe(false);
  });

  it("believe nobody about a number of somebody else", () => {
    const { channel } = open();
    const forged = webhook(account, second.appSecret);

    expect(channel.isGenuine(forged)).toBe(true);
    expect(tellOf(channel.read(forged))).toEqual([`${second.phoneNumberId} ignored another-number`]);
  });

  it("are heard at an address of their own, where only their own secret counts", () => {
    const { channel } = open();

    expect(channel.isGenuine(webhook(second, second.appSecret, second.phoneNumberId))).toBe(true);
    expect(channel.isGenuine(webhook(second, account.appSecret, second.phoneNumberId))).toBe(false);
    expect(tellOf(channel.read(webhook(sister, second.appSecret, second.phoneNumberId)))).toEqual([
      `${second.phoneNumberId} ignored another-number`,
    ]);
    expect(channel.isGenuine(webhook(second, second.appSecret, "nobody"))).toBe(false);
  });

  it("share the news of their business account, and only theirs", () => {
    const { channel } = open();
    const change = { field: "account_update", value: { event: "ACCOUNT_VIOLATION" } };
    const told = (id: string) => ({ object: "whatsapp_business_account", entry: [{ id, time: 1, changes: [change] }] });

    expect(tellOf(channel.read(signed(told(second.businessAccountId), second.appSecret)))).toEqual([
      `${second.phoneNumberId} account-trouble`,
      `${sister.phoneNumberId} account-trouble`,
    ]);
    expect(tellOf(channel.read(signed(told(account.businessAccountId), second.appSecret)))).toEqual([
      `${second.phoneNumberId} ignored another-account`,
    ]);
  });

  it("greet Meta with their own verify tokens", () => {
    const { channel } = open();
    const query = { "hub.mode": "subscribe", "hub.verify_token": second.verifyToken, "hub.challenge": "7" };

    expect(channel.greet({ query, account: null })).toBe("7");
    expect(channel.greet({ query, account: second.phoneNumberId })).toBe("7");
    expect(channel.greet({ query, account: account.phoneNumberId })).toBeNull();
  });

  it("send with their own token, and not at all once they are gone", async () => {
    const { channel, connections } = open();
    const to = (number: string) => channel.addressFor(number, "+79161234567" as PhoneNumber)!;
    const send = (number: string) => channel.send({ id: "x" as never, to: to(number), content: text("hi") });
    stand.whatsapp.customer("79161234567").write("hello");

    expect(await send(account.phoneNumberId)).toMatchObject({ kind: "accepted" });
    expect(await send(second.phoneNumberId)).toMatchObject({ kind: "busy", alarm: expect.any(String) });

    await connections.use([]);
    expect(channel.accounts()).toEqual([]);
    expect(await send(account.phoneNumberId)).toEqual({
      kind: "refused",
      because: "not-allowed",
      code: "account_gone",
      words: expect.stringContaining("no longer connected"),
    });
    expect(channel.isGenuine(webhook(account, account.appSecret))).toBe(false);
  });

  it("have a brand, a pace and a template of their own", () => {
    const { channel } = connect(stand.whatsapp.url, stand.clock, {
      ...account,
      messagesPerSecond: 5,
      inviteTemplate: "toys",
    });

    expect(channel.account(account.phoneNumberId)).toEqual({
      brand: null,
      invites: true,
      perSecond: 5,
      inviteTemplate: "toys",
    });
    expect(channel.account("nobody")).toBeNull();
  });
});
