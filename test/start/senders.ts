import { createHmac } from "node:crypto";
import { encodeForm, sign, type Form } from "../../sim/twilio/signing.ts";
import { demo } from "../support/demo-env.ts";

/** What came back, and how long it took. */
export interface Answer {
  status: number;
  body: string;
  ms: number;
}

type Headers = Record<string, string>;

/** Sends and reads everything; a broken connection rejects. */
export async function send(
  url: string,
  options: { method?: string; headers?: Headers; body?: string | Buffer } = {},
): Promise<Answer> {
  const began = performance.now();
  const { body, ...rest } = options;
  const signal = AbortSignal.timeout(20_000);
  const answer = await fetch(url, {
    ...rest,
    ...(body === undefined ? {} : { body: new Uint8Array(Buffer.from(body)) }),
    signal,
  });
  const text = await answer.text();
  return { status: answer.status, body: text, ms: performance.now() - began };
}

const MESSENGER = "/channels/whatsapp-cloud/webhook";

/** As Meta sends it: signed over exactly these bytes. */
export function sendAsMeta(url: string, body: string | Buffer, headers: Headers = {}): Promise<Answer> {
  const signature = createHmac("sha256", demo.appSecret).update(body).digest("hex");
  const all = { "content-type": "application/json", "x-hub-signature-256": `sha256=${signature}`, ...headers };
  return send(`${url}${MESSENGER}`, { method: "POST", headers: all, body });
}

/** A customer's text as Meta writes it. */
export const textMessage = (id: string, from: string, text: string) => ({
  object: "whatsapp_business_account",
  entry: [
    {
      id: demo.businessAccountId,
      changes: [
        {
          field: "messages",
          value: {
            messaging_product: "whatsapp",
            metadata: { display_phone_number: "15550000001", phone_number_id: demo.phoneNumberId },
            contacts: [{ profile: { name: "Anna" }, wa_id: from }],
            messages: [
              { from, id, timestamp: String(Math.floor(Date.now() / 1000)), type: "text", text: { body: text } },
            ],
          },
        },
      ],
    },
  ],
});

/** As Telegram sends it: with the secret token of the bot. */
export function sendAsTelegram(url: string, body: string | Buffer, headers: Headers = {}): Promise<Answer> {
  const all = { "content-type": "application/json", "x-telegram-bot-api-secret-token": demo.botSecret, ...headers };
  return send(`${url}/channels/telegram/777000/webhook`, { method: "POST", headers: all, body });
}

/** A customer's text as Telegram writes it. */
export const telegramUpdate = (id: number, text: string) => ({
  update_id: id,
  message: {
    message_id: id,
    from: { id: 4242, is_bot: false, first_name: "Anna", language_code: "ru" },
    chat: { id: 4242, type: "private", first_name: "Anna" },
    date: Math.floor(Date.now() / 1000),
    text,
  },
});

/** As Twilio sends it: signed over the public address and the form. */
export function sendAsTwilio(url: string, path: string, form: Form, headers: Headers = {}): Promise<Answer> {
  const signature = sign(demo.authToken, `${url}${path}`, form);
  const all = { "content-type": "application/x-www-form-urlencoded", "x-twilio-signature": signature, ...headers };
  return send(`${url}${path}`, { method: "POST", headers: all, body: encodeForm(form) });
}

const digits = (seed: number) => seed.toString(16).padStart(32, "0");

/** What Twilio says in every request about a call. */
export const callForm = (seed: number) => ({
  CallSid: `CA${digits(seed)}`,
  AccountSid: demo.accountSid,
  From: "+79161234567",
  To: demo.hotline.ru,
  CallStatus: "in-progress",
  ApiVersion: "2010-04-01",
  Direction: "inbound",
});

/** The same while the call stands in a queue. */
export const waitForm = (seed: number) => ({
  ...callForm(seed),
  QueueSid: `QU${digits(1)}`,
  QueuePosition: "1",
  QueueTime: "10",
  AvgQueueTime: "10",
  CurrentQueueSize: "1",
});
