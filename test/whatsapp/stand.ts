import Fastify from "fastify";
import { createSettableClock, instant, later, millis } from "#kit";
import type { Clock, MessageId, SettableClock } from "#kit";
import type { Channel, ChannelEvent, OutboundContent, OutboundMessage } from "../../src/chat/channel.ts";
import { createWhatsAppCloud, whatsAppSettings } from "../../src/chat/channels/whatsapp-cloud/index.ts";
import type { WhatsAppAccount, WhatsAppCloud } from "../../src/chat/channels/whatsapp-cloud/index.ts";
import { createWhatsApp } from "../../sim/whatsapp/index.ts";
import type { WhatsApp } from "../../sim/whatsapp/index.ts";

export const credentials = {
  phoneNumberId: "106540352242922",
  businessAccountId: "102290129340398",
  accessToken: "token",
  appSecret: "app-secret",
  verifyToken: "verify-token",
};

/** A channel, the stand-in it talks to, and an application that takes webhooks and remembers their events. */
export interface Stand {
  clock: SettableClock;
  whatsapp: WhatsApp;
  channel: Channel;
  connections: WhatsAppCloud["connections"];
  /** What the channel read from genuine webhooks, in order of arrival. */
  events: ChannelEvent[];
  /** How the application answers webhooks; 200 at first. */
  application: { status: number };
  /** Lets time pass and everything that falls due happen. */
  pass(ms: number): Promise<void>;
  send(content: OutboundContent, to: string, id?: string): ReturnType<Channel["send"]>;
  close(): Promise<void>;
}

export const phone = "79161234567";
export const text = (words: string): OutboundContent => ({ kind: "text", text: words });
export const invite: OutboundContent = {
  kind: "template",
  text: "Hello!",
  name: "queue_offer",
  locale: "en",
  variables: ["Kubik & Co", "7"],
  payloads: ["order_status", "returns"],
};

/** The number of these credentials, as a connection keeps it. */
export const account: WhatsAppAccount = {
  ...credentials,
  appSecretOld: "",
  messagesPerSecond: 80,
  inviteTemplate: "queue_offer",
};

/** The messenger with these numbers, at whatever answers there. */
export function connect(baseUrl: string, clock: Clock, ...accounts: WhatsAppAccount[]): WhatsAppCloud {
  const settings = whatsAppSettings.schema.parse({ WHATSAPP_BASE_URL: baseUrl, WHATSAPP_TIMEOUT_MS: 5000 });
  const whatsApp = createWhatsAppCloud(settings, { clock });
  void whatsApp.connections.use(
    (accounts.length > 0 ? accounts : [account]).map((one) => ({
      id: one.phoneNumberId,
      kind: whatsApp.channel.name,
      account: one.phoneNumberId,
      brand: null,
      name: one.phoneNumberId,
      settings: one,
      source: "database",
    })),
  );
  return whatsApp;
}

export async function createStand(): Promise<Stand> {
  const clock = createSettableClock(instant(Date.UTC(2026, 10, 21, 9)));
  const whatsapp = createWhatsApp({ clock, ...credentials, seed: 7 });
  await whatsapp.listen();
  const { channel, connections } = connect(whatsapp.url, clock);
  const events: ChannelEvent[] = [];
  const application = { status: 200 };
  const app = Fastify();
  app.removeAllContentTypeParsers();
  app.addContentTypeParser("*", { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  app.get<{ Querystring: Record<string, string> }>("/hook", async ({ query }, reply) => {
    const challenge = channel.greet({ query, account: null });
    return challenge === null ? reply.code(403).send() : reply.type("text/plain").send(challenge);
  });
  app.post("/hook", async ({ headers, body }, reply) => {
    const webhook = { headers, query: {}, account: null, rawBody: body as Buffer };
    if (!channel.isGenuine(webhook)) return reply.code(401).send();
    if (application.status === 200) events.push(...(channel.read(webhook) ?? []));
    return reply.code(application.status).send();
  });
  whatsapp.webhookUrl = `${await app.listen({ host: "127.0.0.1", port: 0 })}/hook`;

  const pass = async (ms: number) => {
    const end = later(clock.now(), millis(ms));
    await whatsapp.idle();
    for (let next = clock.nextTimerAt(); next !== null && next <= end; next = clock.nextTimerAt()) {
      clock.moveTo(next);
      await whatsapp.idle();
    }
    clock.moveTo(end);
    await whatsapp.idle();
  };
  const send = (content: OutboundContent, to: string, id = "01935a3c-0000-7000-8000-000000000001") => {
    const address = { channel: "whatsapp-cloud", account: credentials.phoneNumberId, id: to };
    return channel.send({ id: id as MessageId, to: address, content } satisfies OutboundMessage);
  };
  const close = async () => {
    await channel.close();
    await app.close();
    await whatsapp.close();
  };
  return { clock, whatsapp, channel, connections, events, application, pass, send, close };
}
