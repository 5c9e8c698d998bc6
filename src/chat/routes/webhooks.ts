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

    app.get<Named>("/channels/:channel/webhook", { schema: { hide: true } }, async (request, reply) => {
      const channel = channels.get(request.params.channel);
      if (!channel) return noChannel(reply);
      const challenge = channel.greet(flat(request.query));
      return challenge === null ? notGenuine(reply) : reply.type("text/plain").send(challenge);
    });

    app.post<Named>(
      "/channels/:channel/webhook",
      { bodyLimit: MOST_BODY, schema: { hide: true }, config: { inTime: true } },
      async (request, reply) => {
        const channel = channels.get(request.params.channel);
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
      },
    );
  };
};

type Named = { Params: { channel: string }; Querystring: Record<string, string | string[]> };

const webhookOf = ({ headers, query, body }: FastifyRequest<Named>): Webhook => ({
  headers,
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
