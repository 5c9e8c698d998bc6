import { hours } from "#kit";
import type { Clock } from "#kit";
import type { ConnectionKind } from "#company";
import type { Abilities, Channel, OutboundMessage, SendOutcome } from "../../channel.ts";
import { waIdOf } from "./address.ts";
import { bodyOf, readBody } from "./body.ts";
import { createClient } from "./client.ts";
import { whatsAppKind } from "./connections.ts";
import { createMediaFetcher } from "./media-fetch.ts";
import { createUploader } from "./media-upload.ts";
import { createNumbers } from "./numbers.ts";
import { sendOutcome } from "./outcome.ts";
import { readWebhook } from "./read.ts";
import { graphApiFrom } from "./settings.ts";
import type { WhatsAppAccount, whatsAppSettings } from "./settings.ts";
import type { SettingsOf } from "#config";

export { whatsAppSettings } from "./settings.ts";
export type { WhatsAppAccount } from "./settings.ts";

const NAME = "whatsapp-cloud";

const MEGABYTE = 1024 * 1024;

const DOCUMENTS = [
  "text/plain",
  "application/pdf",
  "application/msword",
  "application/vnd.ms-excel",
  "application/vnd.ms-powerpoint",
  "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
  "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
  "application/vnd.openxmlformats-officedocument.presentationml.presentation",
];

/** What WhatsApp can do; limits as Meta documents them (docs/chat.md). */
export const whatsAppCloudAbilities: Abilities = {
  freeTextWindowMs: hours(24),
  writesFirst: "with-template",
  buttons: { most: 3, titleLength: 20 },
  list: { mostRows: 10, titleLength: 24, descriptionLength: 72 },
  textLength: 4096,
  showsTyping: true,
  media: {
    image: { types: ["image/jpeg", "image/png"], mostBytes: 5 * MEGABYTE, caption: 1024 },
    video: { types: ["video/mp4", "video/3gpp"], mostBytes: 16 * MEGABYTE, caption: 1024 },
    voice: { types: ["audio/ogg; codecs=opus"], mostBytes: 16 * MEGABYTE, caption: 0 },
    audio: { types: ["audio/aac", "audio/mp4", "audio/mpeg", "audio/amr"], mostBytes: 16 * MEGABYTE, caption: 0 },
    document: { types: DOCUMENTS, mostBytes: 100 * MEGABYTE, caption: 1024 },
  },
  asksPhone: false,
  tellsBlocks: false,
  budget: { perSecond: 80, perCustomer: { everyMs: 6000, burst: 45 } },
};

/** The messenger, and how its business numbers are connected. */
export interface WhatsAppCloud {
  channel: Channel;
  connections: ConnectionKind<WhatsAppAccount>;
}

/** WhatsApp business numbers on Meta's Cloud API, of as many apps and business accounts as there are. */
export function createWhatsAppCloud(
  settings: SettingsOf<typeof whatsAppSettings>,
  { clock }: { clock: Clock },
): WhatsAppCloud {
  const api = graphApiFrom(settings);
  const client = createClient(api, clock);
  const numbers = createNumbers();
  const abilities = whatsAppCloudAbilities;
  const uploader = createUploader({ client, clock });

  /** A file is given to Meta first; the message names it. */
  async function send(number: WhatsAppAccount, message: OutboundMessage): Promise<SendOutcome> {
    const { kind } = message.content;
    const uploaded = kind === "media" ? await uploader.upload(number, message) : null;
    if (uploaded !== null && uploaded.kind !== "uploaded") return uploaded;
    const body = bodyOf(message, abilities, uploaded?.id);
    const outcome = sendOutcome(await client.post(number.accessToken, messagesOf(number), body));
    if (outcome.kind === "refused" && uploaded) uploader.forget(message);
    return outcome;
  }

  const channel: Channel = {
    name: NAME,
    abilities,
    media: createMediaFetcher({ client, api, numbers, clock }),

    accounts: numbers.all,
    account: numbers.traits,

    isGenuine: (webhook) => numbers.signersOf(webhook).length > 0,

    greet({ query, account }) {
      const isOurs = numbers.knowsVerifyToken(query["hub.verify_token"] ?? "", account);
      return query["hub.mode"] === "subscribe" && isOurs ? (query["hub.challenge"] ?? "") : null;
    },

    read: (webhook) => readWebhook(webhook.rawBody, numbers.signersOf(webhook)),

    addressFor: (account, phone) => ({ channel: NAME, account, id: waIdOf(phone) }),

    async send(message) {
      const number = numbers.find(message.to.account);
      return number ? send(number, message) : GONE;
    },

    async acknowledge({ account, providerId, typing }) {
      const number = numbers.find(account);
      if (!number) return;
      const reply = await client.post(number.accessToken, messagesOf(number), readBody(providerId, typing));
      if (reply.kind !== "answered" || reply.status !== 200) numbers.countUnacknowledged(account);
    },

    async close() {
      client.close();
    },
  };
  return { channel, connections: whatsAppKind(NAME, settings, { api, client, numbers }) };
}

const messagesOf = ({ phoneNumberId }: WhatsAppAccount) => `/${phoneNumberId}/messages`;

const GONE: SendOutcome = {
  kind: "refused",
  because: "not-allowed",
  code: "account_gone",
  words: "The business number this conversation belongs to is no longer connected.",
};
