import { between, later, seconds, type Json, type JsonObject } from "#kit";
import type { Paces } from "../kit/pace.ts";
import { botBody, secondsOf } from "./bodies.ts";
import { checkMarkup } from "./checks.ts";
import { numberIn, textIn } from "./params.ts";
import { badRequest, isRefusal, type Refusal } from "./refusal.ts";
import { chatFor, inlineMarkup, keyboardOf, sendMedia, sendText } from "./sends.ts";
import type { Bot, World } from "./world.ts";

/** A file that came with a call. */
export interface Upload {
  bytes: Buffer;
  mimeType: string;
  fileName: string;
}

/** One call of the Bot API. */
export interface Call {
  world: World;
  bot: Bot;
  method: string;
  params: JsonObject;
  uploads: Map<string, Upload>;
}

type Answer = Json | Refusal;

const TYPING = seconds(5);
/** How long a tap may be answered. */
const SPINS = seconds(60);
const LOOPBACK = /^http:\/\/(127\.0\.0\.1|localhost)[:/]/;
const SECRET = /^[A-Za-z0-9_-]{1,256}$/;

/** Carries out a call, or says why not. Null: there is no such method. */
export function carryOut(call: Call, paces: Paces): Answer | Promise<Answer> | null {
  switch (call.method.toLowerCase()) {
    case "getme":
      return meOf(call.bot);
    case "setwebhook":
      return setWebhook(call);
    case "deletewebhook":
      return deleteWebhook(call);
    case "getwebhookinfo":
      return webhookInfo(call.bot);
    case "getupdates":
      return getUpdates(call);
    case "sendmessage":
      return sendText(call, paces);
    case "sendphoto":
      return sendMedia(call, paces, "photo");
    case "senddocument":
      return sendMedia(call, paces, "document");
    case "sendvoice":
      return sendMedia(call, paces, "voice");
    case "sendvideo":
      return sendMedia(call, paces, "video");
    case "sendaudio":
      return sendMedia(call, paces, "audio");
    case "editmessagereplymarkup":
      return editMarkup(call);
    case "answercallbackquery":
      return answerTap(call);
    case "sendchataction":
      return showTyping(call);
    case "getfile":
      return call.world.files.describe(textIn(call.params, "file_id"));
    default:
      return null;
  }
}

const meOf = (bot: Bot): JsonObject => ({
  ...botBody(bot),
  can_join_groups: false,
  can_read_all_group_messages: false,
  supports_inline_queries: false,
});

/** Plain http is taken for this machine alone: the real one asks for https everywhere. */
function setWebhook({ world, bot, params }: Call): Answer {
  const url = textIn(params, "url");
  if (url === "") return deleteWebhook({ world, bot, params });
  if (!url.startsWith("https://") && !LOOPBACK.test(world.reach(url)))
    return badRequest("bad webhook: An HTTPS URL must be provided for webhook");
  const secret = textIn(params, "secret_token");
  if (secret !== "" && !SECRET.test(secret)) return badRequest("secret token contains unallowed characters");
  bot.hook = { url, secret: secret || null, maxConnections: numberIn(params, "max_connections", 40) };
  bot.lastError = null;
  remember(bot, params);
  world.updates.flush(bot);
  return true;
}

function deleteWebhook({ bot, params }: Pick<Call, "world" | "bot" | "params">): Answer {
  bot.hook = null;
  if (params["drop_pending_updates"] === true) bot.pending = [];
  return true;
}

/** The list stays until another one is given; an empty one means the default. */
function remember(bot: Bot, { allowed_updates: allowed, drop_pending_updates: drop }: JsonObject): void {
  if (Array.isArray(allowed)) bot.allowed = allowed.length === 0 ? null : (allowed as string[]);
  if (drop === true) bot.pending = [];
}

function webhookInfo({ hook, pending, lastError, allowed }: Bot): Answer {
  return {
    url: hook?.url ?? "",
    has_custom_certificate: false,
    pending_update_count: pending.length,
    ...(hook ? { max_connections: hook.maxConnections } : {}),
    ...(lastError ? { last_error_date: secondsOf(lastError.at), last_error_message: lastError.words } : {}),
    ...(allowed ? { allowed_updates: allowed } : {}),
  };
}

function getUpdates({ world, bot, params }: Call): Promise<Answer> {
  remember(bot, { ...params, drop_pending_updates: false });
  const limit = Math.min(Math.max(numberIn(params, "limit", 100), 1), 100);
  const question = { offset: numberIn(params, "offset", 0), limit, timeout: numberIn(params, "timeout", 0) };
  return world.updates.poll(bot, question);
}

function editMarkup(call: Call): Answer {
  const { world, params } = call;
  const chat = chatFor(call);
  if (isRefusal(chat)) return chat;
  const message = chat.messages.find(({ id, from }) => id === params["message_id"] && from === "bot");
  if (!message?.body) return badRequest("message to edit not found");
  const refused = checkMarkup(params["reply_markup"]);
  if (refused) return refused;
  const { reply_markup: before, ...rest } = message.body;
  const after = inlineMarkup(params["reply_markup"]);
  if (JSON.stringify(before) === JSON.stringify(after["reply_markup"]))
    return badRequest("message is not modified: specified new message content and reply markup are exactly the same");
  message.body = { ...rest, edit_date: secondsOf(world.clock.now()), ...after };
  message.buttons = keyboardOf(params["reply_markup"]).buttons;
  world.changed(chat);
  return message.body;
}

function answerTap({ world, bot, params }: Call): Answer {
  const id = textIn(params, "callback_query_id");
  const chat = [...world.chats.values()].find((one) => one.bot === bot && one.spinning.has(id));
  const since = chat?.spinning.get(id);
  if (!chat || since === undefined || between(since, world.clock.now()) > SPINS)
    return badRequest("query is too old and response timeout expired or query ID is invalid");
  chat.spinning.delete(id);
  world.changed(chat);
  return true;
}

function showTyping(call: Call): Answer {
  const { world } = call;
  const chat = chatFor(call);
  if (isRefusal(chat)) return chat;
  chat.typingUntil = later(world.clock.now(), TYPING);
  world.clock.after(TYPING, () => world.changed(chat));
  world.changed(chat);
  return true;
}
