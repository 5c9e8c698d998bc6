import { createHmac } from "node:crypto";
import axios, { AxiosError } from "axios";
import { z } from "zod";
import type { Abilities, Channel, ChannelEvent, OutboundContent, SendOutcome, Webhook } from "#chat";
import type { Connection, ConnectionKind } from "#company";
import { instant, isId, sameSecret, type MessageId } from "#kit";

/**
 * A messenger that does not exist. Its API: `POST /send` with a bearer token and `{ to, text, ref }` answers 200
 * `{ id }`, 429 with Retry-After, 404 for people it does not know. It calls us with JSON signed by HMAC-SHA256 over the
 * raw body (`x-pigeon-signature`): `{ bot, event: "message" | "state", … }`.
 */
const NAME = "pigeon";

const abilities: Abilities = {
  freeTextWindowMs: null,
  writesFirst: "never",
  buttons: { most: 0, titleLength: 0 },
  list: { mostRows: 0, titleLength: 0, descriptionLength: 0 },
  textLength: 1000,
  showsTyping: false,
  media: null,
  asksPhone: false,
  tellsBlocks: false,
  budget: { perSecond: 10, perCustomer: { everyMs: 1000, burst: 5 } },
};

/** One account of ours, as a connection keeps it. The sentence of a wrong field is shown to the administrator. */
const account = z.strictObject({
  bot: z.string().regex(/^[a-z]{3,30}$/, "must be the bot's name: 3 to 30 small letters"),
  token: z.string().min(8),
  secret: z.string().min(8),
  baseUrl: z.url(),
});
export type PigeonAccount = z.output<typeof account>;

const update = z.discriminatedUnion("event", [
  z.object({
    event: z.literal("message"),
    bot: z.string(),
    id: z.string(),
    from: z.string(),
    text: z.string(),
    at: z.number(),
  }),
  z.object({
    event: z.literal("state"),
    bot: z.string(),
    id: z.string(),
    ref: z.string(),
    to: z.string(),
    state: z.enum(["sent", "delivered", "read", "failed"]),
    at: z.number(),
  }),
]);

export function createPigeon({ timeoutMs }: { timeoutMs: number }): {
  channel: Channel;
  connections: ConnectionKind<PigeonAccount>;
} {
  let bots = new Map<string, Connection<PigeonAccount>>();
  const http = axios.create({ timeout: timeoutMs, maxRedirects: 0, maxContentLength: 1e6, validateStatus: () => true });
  const post = (bot: PigeonAccount, path: string, body: object) =>
    http.post<unknown>(bot.baseUrl + path, body, { headers: { authorization: `Bearer ${bot.token}` } });

  /** The bots whose secret signed this; a path that names one asks for that one. */
  const signersOf = ({ headers, rawBody, account }: Webhook) =>
    [...bots.values()].filter(
      (bot) =>
        (account === null || account === bot.account) &&
        sameSecret(String(headers["x-pigeon-signature"]), sign(rawBody, bot.settings.secret)),
    );

  const channel: Channel = {
    name: NAME,
    abilities,
    accounts: () => [...bots.keys()],

    account(name) {
      const bot = bots.get(name);
      return bot ? { brand: bot.brand, invites: true, perSecond: null, inviteTemplate: null } : null;
    },

    isGenuine: (webhook) => signersOf(webhook).length > 0,
    greet: () => null,

    read(webhook) {
      const event = readUpdate(webhook.rawBody);
      const isOurs = signersOf(webhook).some((bot) => bot.account === event.account);
      return [isOurs ? event : ignored("another-bot", webhook.rawBody)];
    },

    /** Nobody can be written to before they wrote to the bot. */
    addressFor: () => null,

    async send({ id, to, content }) {
      const bot = bots.get(to.account);
      if (!bot) return GONE;
      const text = textOf(content).slice(0, abilities.textLength);
      return post(bot.settings, "/send", { to: to.id, text, ref: id }).then(outcomeOf, failureOf);
    },

    async acknowledge() {},
    async close() {},
  };

  const connections: ConnectionKind<PigeonAccount> = {
    kind: NAME,
    schema: account,
    secrets: ["token", "secret"],
    accountOf: ({ bot }) => bot,
    fromEnvironment: null,
    use: (next) => void (bots = new Map(next.map((connection) => [connection.account, connection]))),
    async check(settings) {
      const answer = await post(settings, "/me", {}).catch(() => null);
      if (answer?.status === 200) return { ok: true, facts: { bot: settings.bot } };
      return {
        ok: false,
        sentence: `Pigeon answered ${answer?.status ?? "nothing"}. Check the token and the address.`,
      };
    },
    addresses: ({ account: bot }, publicUrl) => [
      { what: "Webhook of the bot", url: `${publicUrl}/channels/${NAME}/${bot}/webhook` },
    ],
  };
  return { channel, connections };
}

export const sign = (body: Buffer, secret: string) => createHmac("sha256", secret).update(body).digest("hex");

const ignored = (what: string, body: Buffer): ChannelEvent => {
  const dedupe = sign(body, what);
  return { account: "", lane: what, dedupe, at: instant(0), kind: "ignored", what };
};

/** Undefined is no JSON value: it fits no schema. */
function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    return undefined;
  }
}

/** One lane per customer keeps the order; `dedupe` is the provider's own id, so that a repeat is recognised. */
function readUpdate(body: Buffer): ChannelEvent {
  const read = update.safeParse(parse(body));
  if (!read.success) return ignored("unknown", body);
  const told = read.data;
  const origin = { account: told.bot, at: instant(told.at * 1000) };
  if (told.event === "state") {
    const { id, ref, state, to } = told;
    const refusal =
      state === "failed" ? { because: "not-here" as const, code: "failed", words: "not delivered" } : null;
    const messageId = isId(ref) ? (ref as MessageId) : null;
    return {
      ...origin,
      lane: to,
      dedupe: `${id}:${state}`,
      kind: "status",
      providerId: id,
      messageId,
      status: state,
      refusal,
    };
  }
  const { id, from, text } = told;
  const message = { providerId: id, from, alsoKnownAs: [], phone: null, name: null, repliesTo: null };
  return { ...origin, lane: from, dedupe: id, kind: "message", ...message, content: { kind: "text", text } };
}

const textOf = (content: OutboundContent): string =>
  content.kind === "buttons" || content.kind === "list"
    ? [content.text, ...content.choices.map(({ title }) => `– ${title}`)].join("\n")
    : content.text;

function outcomeOf({ status, data, headers }: { status: number; data: unknown; headers: object }): SendOutcome {
  const id = z.object({ id: z.string() }).safeParse(data);
  if (status === 200 && id.success) return { kind: "accepted", providerId: id.data.id };
  if (status === 429)
    return { kind: "busy", retryAfterMs: Number((headers as Record<string, string>)["retry-after"] ?? 1) * 1000 };
  if (status === 401) return { kind: "busy", retryAfterMs: 60_000, alarm: "Pigeon refuses the token" };
  if (status === 404) return { kind: "refused", because: "not-here", code: "404", words: "nobody of this name" };
  if (status < 500) return { kind: "refused", because: "invalid", code: String(status), words: "refused" };
  return { kind: "unclear", words: `HTTP ${status}` };
}

/** Whoever never had a connection may be asked again; a line that broke after we spoke may have carried it. */
function failureOf(error: unknown): SendOutcome {
  const code = error instanceof AxiosError ? (error.code ?? "") : "";
  if (code === "ECONNREFUSED" || code === "ENOTFOUND") return { kind: "busy", retryAfterMs: 2000 };
  return { kind: "unclear", words: code };
}

const GONE: SendOutcome = {
  kind: "refused",
  because: "not-allowed",
  code: "account_gone",
  words: "The bot this conversation belongs to is no longer connected.",
};
