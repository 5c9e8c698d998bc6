import { sendProblem } from "#http";
import { DatabaseGone, createBatcher, type Database, type Wakes } from "#db";
import { millis, type Clock } from "#kit";
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import type { Channel, Webhook } from "../channel.ts";
import type { Ids } from "../ids.ts";
import { insertInbox, type NewInboxRow } from "../inbox-store.ts";
import type { Log } from "../log.ts";

interface Deps {
  front: Database;
  clock: Clock;
  wakes: Wakes;
  ids: Ids;
  log: Log;
  channels: Map<string, Channel>;
}

const MOST_BODY = 3 * 1024 * 1024;
const MOST_IN_A_BATCH = 200;
const MOST_WAITING = 5000;
/** Providers must hear "try again" within two seconds. */
const PATIENCE = millis(1800);

/** Where providers tell us things: proved genuine, stored, answered. Everything else happens later. */
export const webhookRoutes = ({ front, clock, wakes, ids, log, channels }: Deps): FastifyPluginAsync => {
  const stored = createBatcher<NewInboxRow[], void>({
    run: async (webhooks) => {
      await insertInbox(front, webhooks.flat());
      wakes.wake("inbox");
      return webhooks.map(() => undefined);
    },
    most: MOST_IN_A_BATCH,
    lanes: 1,
    full: MOST_WAITING,
    refuse: () => new DatabaseGone("More webhooks wait to be stored than can be kept in memory."),
  });
  let refused = 0;

  return async (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: MOST_BODY }, (_request, body, done) =>
      done(null, body),
    );

    for (const path of ["/channels/:channel/webhook", "/channels/:channel/:account/webhook"]) {
      app.get<Named>(path, { schema: { hide: true } }, greet);
      app.post<Named>(path, { bodyLimit: MOST_BODY, schema: { hide: true } }, takeIn);
    }
  };

  async function greet(request: FastifyRequest<Named>, reply: FastifyReply) {
    const channel = connected(request.params);
    if (!channel) return noChannel(reply);
    const challenge = channel.greet(webhookOf(request));
    return challenge === null ? notGenuine(reply) : reply.type("text/plain").send(challenge);
  }

  async function takeIn(request: FastifyRequest<Named>, reply: FastifyReply) {
    const channel = connected(request.params);
    if (!channel) return noChannel(reply);
    const webhook = webhookOf(request);
    if (!channel.isGenuine(webhook)) {
      refused += 1;
      log.warn({ channel: channel.name, refused }, "a webhook without a valid signature was refused");
      return notGenuine(reply);
    }
    const events = channel.read(webhook);
    if (events === null) return unreadable(reply);
    const receivedAt = clock.now();
    const rows = events.map((event) => ({ id: ids(), channel: channel.name, event, receivedAt }));
    if (rows.length > 0) await inTime(clock, stored.add(rows));
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

/** Rejects when the database keeps silent: storing may still succeed, and the repeat will be recognised. */
function inTime(clock: Clock, work: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const cancel = clock.after(PATIENCE, () =>
      reject(new DatabaseGone("The database did not store a webhook in time.")),
    );
    work.then(resolve, reject).finally(cancel);
  });
}

const noChannel = (reply: FastifyReply) =>
  sendProblem(reply, 404, {
    code: "channel_not_found",
    message: "No such channel is connected. Check the webhook address.",
  });

const notGenuine = (reply: FastifyReply) =>
  sendProblem(reply, 403, {
    code: "not_genuine",
    message: "This was not signed by the provider. Check the app secret and the verify token.",
  });

const unreadable = (reply: FastifyReply) =>
  sendProblem(reply, 400, { code: "malformed_body", message: "The body is not what this provider sends." });
