import { hours, sameSecret } from "#kit";
import type { Clock } from "#kit";
import type { Abilities, Channel } from "../../channel.ts";
import { waIdOf } from "./address.ts";
import { bodyOf, readBody } from "./body.ts";
import { checkOf } from "./check.ts";
import { createClient } from "./client.ts";
import { sendOutcome } from "./outcome.ts";
import { readWebhook } from "./read.ts";
import type { WhatsAppCloudSettings } from "./settings.ts";
import { isSigned } from "./signature.ts";

export { whatsAppCloudFrom, whatsAppSettings } from "./settings.ts";
export type { WhatsAppCloudSettings } from "./settings.ts";

const NAME = "whatsapp-cloud";

/** What WhatsApp can do; limits as Meta documents them (docs/chat.md). */
export const whatsAppCloudAbilities: Abilities = {
  freeTextWindowMs: hours(24),
  writesFirst: "with-template",
  buttons: { most: 3, titleLength: 20 },
  list: { mostRows: 10, titleLength: 24, descriptionLength: 72 },
  textLength: 4096,
  showsTyping: true,
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
  let unacknowledged = 0;

  return {
    name: NAME,
    abilities,

    isGenuine: ({ headers, rawBody }) => isSigned(rawBody, headers["x-hub-signature-256"], settings.appSecrets),

    greet(query) {
      const isOurs = sameSecret(query["hub.verify_token"] ?? "", settings.verifyToken);
      return query["hub.mode"] === "subscribe" && isOurs ? (query["hub.challenge"] ?? "") : null;
    },

    read: ({ rawBody }) => readWebhook(rawBody, settings),

    addressFor: (phone) => ({ channel: NAME, account: settings.phoneNumberId, id: waIdOf(phone) }),

    send: async (message) => sendOutcome(await client.post(messages, bodyOf(message, abilities))),

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
