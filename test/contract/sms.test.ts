import { createHmac } from "node:crypto";
import { createSettableClock, instant, later, millis } from "#kit";
import { createSms } from "#chat/sms";
import { openDatabase } from "#db";
import { openTwilioAccount, twilioSettings } from "#voice/twilio";
import { createTwilio } from "../../sim/twilio/index.ts";
import type { Webhook } from "../../src/chat/channel.ts";
import { freshDatabase } from "../support/database.ts";
import { demo } from "../support/demo-env.ts";
import { channelContract, type ContractStand, type Trouble } from "./channel-contract.ts";

const PUBLIC = "https://detour.example";
const ANNA = "+79161234567";
const ours = { number: demo.hotline.ru, countries: ["RU"], perHour: 100, perNumberPerDay: 100 };

function sign(body: Buffer, query: Record<string, string> = {}): Webhook {
  const search = new URLSearchParams(query).toString();
  const form = [...new URLSearchParams(body.toString("utf8"))].sort(([a], [b]) => (a < b ? -1 : 1));
  const data = `${PUBLIC}/channels/sms/webhook${search === "" ? "" : `?${search}`}${form.flat().join("")}`;
  const signature = createHmac("sha1", demo.authToken).update(data).digest("base64");
  return { headers: { "x-twilio-signature": signature }, query, account: null, rawBody: body };
}

const form = (fields: Record<string, string>) => Buffer.from(new URLSearchParams(fields).toString());
const sid = (n: number) => `SM${String(n).padStart(32, "0")}`;
const common = { AccountSid: demo.accountSid, ApiVersion: "2010-04-01" };

const recorded = ["accepted", "queued", "sending", "sent", "delivered", "undelivered", "failed"].map(
  (MessageStatus) => ({
    name: MessageStatus,
    webhook: sign(
      form({
        ...common,
        MessageSid: sid(1),
        SmsSid: sid(1),
        From: ours.number,
        To: ANNA,
        MessageStatus,
        SmsStatus: MessageStatus,
      }),
      { message: "01935a3c-0000-7000-8000-000000000001" },
    ),
  }),
);

channelContract("SMS through Twilio", async (): Promise<ContractStand> => {
  const clock = createSettableClock(instant(Date.UTC(2026, 10, 21, 9)));
  const twilio = createTwilio({
    clock,
    accountSid: demo.accountSid,
    authToken: demo.authToken,
    number: { number: ours.number, voiceUrl: "" },
    seed: 7,
  });
  const base = await twilio.listen();
  const fresh = await freshDatabase();
  const db = openDatabase({ url: fresh.url, tenant: "main", connections: 2, queryTimeoutMs: 1800 });
  const settings = twilioSettings.schema.parse({
    TWILIO_ACCOUNT_SID: demo.accountSid,
    TWILIO_AUTH_TOKEN: demo.authToken,
    TWILIO_NUMBER: ours.number,
    TWILIO_BASE_URL: base,
    TWILIO_TIMEOUT_MS: "300",
  });
  const { channel, connections } = createSms(
    { SMS_NUMBER: ours.number, SMS_COUNTRIES: "RU", SMS_PER_HOUR: 100, SMS_PER_NUMBER_PER_DAY: 100 },
    { db, clock, carrier: openTwilioAccount(settings, PUBLIC), publicUrl: PUBLIC },
  );
  await connections.use([
    { id: "1", kind: "sms", account: ours.number, brand: null, name: "", source: "environment", settings: ours },
  ]);
  let written = 0;

  return {
    channel,
    account: ours.number,
    customer: ANNA,
    recorded,
    write: async (text) =>
      sign(form({ ...common, MessageSid: sid(++written), From: ANNA, To: ours.number, Body: text, NumMedia: "0" })),
    forge: (webhook) => ({ ...webhook, headers: { "x-twilio-signature": "bm90IHNpZ25lZCBieSBUd2lsaW8=" } }),
    sign,
    provider: {
      async suffer(trouble: Trouble) {
        const { rest } = twilio.faults;
        if (trouble === "down") await twilio.close();
        if (trouble === "busy") rest.status = 429;
        if (trouble === "cut-after") rest.cutAfterAccept = true;
        if (trouble === "silent") rest.delayMs = 60_000;
      },
      received: () => twilio.messages.all.map(({ body }) => body),
    },
    async outlast() {
      clock.moveTo(later(clock.now(), millis(10_000)));
    },
    async close() {
      await channel.close();
      await twilio.close();
      await db.close();
      await fresh.drop();
    },
  };
});
