import { sendProblem } from "#http";
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import type { Channel, Webhook } from "../channel.ts";
import type { Keep } from "../intake.ts";
import type { Log } from "../log.ts";

interface Deps {
  log: Log;
  channels: Map<string, Channel>;
  keep: Keep;
}

const MOST_BODY = 3 * 1024 * 1024;

/** Where providers tell us things: proved genuine, stored, answered. Everything else happens later. */
export const webhookRoutes = ({ log, channels, keep }: Deps): FastifyPluginAsync => {
  let refused = 0;

  return async (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: MOST_BODY }, (_request, body, done) =>
      done(null, body),
    );

    for (const path of ["/channels/:channel/webhook", "/channels/:channel/:account/webhook"]) {
      app.get<Named>(path, { schema: { hide: true } }, greet);
      app.post<Named>(path, { bodyLimit: MOST_BODY, schema: { hide: true }, config: { inTime: true } }, takeIn);
    }
  };

  async function greet(request: FastifyRequest<Named>, reply: FastifyReply) {
    const channel = connected(request.params);
    if (!channel) return noChannel(reply);
    const challenge = channel.greet(webhookOf(request));
    return challenge === null ? notGenuine(reply, channel) : reply.type("text/plain").send(challenge);
  }

  async function takeIn(request: FastifyRequest<Named>, reply: FastifyReply) {
    const channel = connected(request.params);
    if (!channel) return noChannel(reply);
    const webhook = webhookOf(request);
    if (!channel.isGenuine(webhook)) {
      refused += 1;
      log.warn({ channel: channel.name, refused }, "a webhook without a valid signature was refused");
      return notGenuine(reply, channel);
    }
    const events = channel.read(webhook);
    if (events === null) return unreadable(reply);
    await keep(channel, events);
    return reply.code(200).send();
  }

  /** The channel, when it has the account of the address, or any where the address names none. */
  function connected({ channel: name, account }: Named["Params"]): Channel | null {
    const channel = channels.get(name);
    const accounts = channel?.accounts() ?? [];
    const isThere = account === undefined ? accounts.length > 0 : accounts.includes(account);
    return channel && isThere ? channel : null;
  }
};

type Named = { Params: { channel: string; account?: string }; Querystring: Record<string, string | string[]> };

const webhookOf = ({ headers, query, body, params }: FastifyRequest<Named>): Webhook => ({
  headers,
  account: params.account ?? null,
  query: flat(query),
  rawBody: Buffer.isBuffer(body) ? body : Buffer.alloc(0),
});

/** Of a repeated parameter the first counts. */
const flat = (query: Record<string, string | string[]>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(query).map(([name, value]) => [name, Array.isArray(value) ? (value[0] ?? "") : value]),
  );

const noChannel = (reply: FastifyReply) =>
  sendProblem(reply, 404, {
    code: "channel_not_found",
    message: "No such channel is connected. Check the webhook address.",
  });

const notGenuine = (reply: FastifyReply, { whenForged }: Channel) =>
  sendProblem(reply, whenForged ?? 403, {
    code: "not_genuine",
    message: "This does not prove that it comes from the provider. Check the secret that is set there.",
  });

const unreadable = (reply: FastifyReply) =>
  sendProblem(reply, 400, { code: "malformed_body", message: "The body is not what this provider sends." });
