import { hours, sameSecret } from "#kit";
import type { Clock } from "#kit";
import type { Abilities, Channel, OutboundMessage, SendOutcome } from "../../channel.ts";
import { waIdOf } from "./address.ts";
import { bodyOf, readBody } from "./body.ts";
import { checkOf } from "./check.ts";
import { createClient } from "./client.ts";
import { createMediaFetcher } from "./media-fetch.ts";
import { createUploader } from "./media-upload.ts";
import { sendOutcome } from "./outcome.ts";
import { readWebhook } from "./read.ts";
import type { WhatsAppCloudSettings } from "./settings.ts";
import { isSigned } from "./signature.ts";

export { whatsAppCloudFrom, whatsAppSettings } from "./settings.ts";
export type { WhatsAppCloudSettings } from "./settings.ts";

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
  templates: true,
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
  budget: { perSecond: 80, perCustomer: { everyMs: 6000, burst: 45 } },
};

/** One WhatsApp business number on Meta's Cloud API. */
export function createWhatsAppCloud(settings: WhatsAppCloudSettings, { clock }: { clock: Clock }): Channel {
  const client = createClient(settings, clock);
  const messages = `/${settings.phoneNumberId}/messages`;
  const abilities = {
    ...whatsAppCloudAbilities,
    budget: { ...whatsAppCloudAbilities.budget, perSecond: settings.messagesPerSecond },
  };
  const uploader = createUploader({ client, clock });
  let unacknowledged = 0;

  /** The file first, then the message that names it. */
  async function send(message: OutboundMessage): Promise<SendOutcome> {
    if (message.content.kind !== "media") return sendOutcome(await client.post(messages, bodyOf(message, abilities)));
    const uploaded = await uploader.upload(`/${settings.phoneNumberId}/media`, message);
    if (uploaded.kind !== "uploaded") return uploaded;
    const outcome = sendOutcome(await client.post(messages, bodyOf(message, abilities, uploaded.id)));
    if (outcome.kind === "refused") uploader.forget(message);
    return outcome;
  }

  return {
    name: NAME,
    abilities,
    media: createMediaFetcher({ client, settings, clock }),

    isGenuine: ({ headers, rawBody }) => isSigned(rawBody, headers["x-hub-signature-256"], settings.appSecrets),

    greet(query) {
      const isOurs = sameSecret(query["hub.verify_token"] ?? "", settings.verifyToken);
      return query["hub.mode"] === "subscribe" && isOurs ? (query["hub.challenge"] ?? "") : null;
    },

    read: ({ rawBody }) => readWebhook(rawBody, settings),

    addressFor: (phone) => ({ channel: NAME, account: settings.phoneNumberId, id: waIdOf(phone) }),

    send,

    async acknowledge({ providerId, typing }) {
      const reply = await client.post(messages, readBody(providerId, typing));
      if (reply.kind !== "answered" || reply.status !== 200) unacknowledged += 1;
    },

    async check() {
      const reply = await client.get(`/${settings.phoneNumberId}`);
      const result = checkOf(reply, settings.baseUrl);
      return result.ok ? { ok: true, facts: { ...result.facts, unacknowledged } } : result;
    },

    async close() {
      client.close();
    },
  };
}
