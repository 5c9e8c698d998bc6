import type { JsonObject } from "#kit";
import { mediaContent, type MediaKind } from "./files.ts";
import { messageHead } from "./bodies.ts";
import { checkCaption, checkMarks, checkMarkup, checkText } from "./checks.ts";
import type { Call } from "./methods.ts";
import { numberIn, textIn } from "./params.ts";
import { badRequest, forbidden, isRefusal, tooMany, type Refusal } from "./refusal.ts";
import type { Button, Chat, ChatMessage } from "./world.ts";
import type { Paces } from "../kit/pace.ts";

/** `sendMessage`. */
export function sendText(call: Call, paces: Paces): JsonObject | Refusal {
  const { params } = call;
  const refused = checkText(params["text"]) ?? checkMarks(params);
  if (refused) return refused;
  const text = textIn(params, "text");
  const { entities } = params;
  return put(call, paces, "text", { text, ...(entities === undefined ? {} : { entities }) }, text);
}

/** `sendPhoto`, `sendDocument`, `sendVoice`, `sendVideo` and `sendAudio`: an upload, or a file already here. */
export function sendMedia(call: Call, paces: Paces, kind: MediaKind): JsonObject | Refusal {
  const { params, world, uploads } = call;
  const refused = checkCaption(params["caption"]) ?? checkMarks(params);
  if (refused) return refused;
  const given = textIn(params, kind);
  const upload = given.startsWith("attach://") ? uploads.get(given.slice("attach://".length)) : undefined;
  const file = upload ? world.files.keep(kind, upload.bytes, upload) : world.files.byId(given);
  if (!file)
    return badRequest(given === "" ? `there is no ${kind} in the request` : "wrong file identifier/HTTP URL specified");
  const caption = textIn(params, "caption");
  return put(call, paces, kind, { ...mediaContent(kind, file), ...(caption === "" ? {} : { caption }) }, caption);
}

/** The chat a call is for, when the bot may write there. */
export function chatFor({ world, bot, params }: Call): Chat | Refusal {
  const user = world.users.get(numberIn(params, "chat_id", 0));
  if (!user) return badRequest("chat not found");
  const chat = world.chats.get(`${bot.id} ${user.id}`);
  if (user.deactivated) return forbidden("user is deactivated");
  if (!chat?.started) return forbidden("bot can't initiate conversation with a user");
  return chat.blocked ? forbidden("bot was blocked by the user") : chat;
}

function put(call: Call, paces: Paces, kind: string, content: JsonObject, text: string): JsonObject | Refusal {
  const { world, bot, params, method } = call;
  const chat = chatFor(call);
  if (isRefusal(chat)) return chat;
  const answered = repliedTo(chat, params["reply_parameters"] as JsonObject | undefined);
  if (isRefusal(answered)) return answered;
  const refused = checkMarkup(params["reply_markup"]) ?? tooFast(call, paces);
  if (refused) return refused;
  const id = bot.nextMessage++;
  const at = world.clock.now();
  const body = {
    ...messageHead(chat, { id, from: "bot", at, answered: answered?.body ?? null }),
    ...content,
    ...inlineMarkup(params["reply_markup"]),
  };
  chat.messages.push({
    id,
    from: "bot",
    kind,
    text,
    at,
    body,
    edited: false,
    repliesTo: answered?.id ?? null,
    ...keyboardOf(params["reply_markup"]),
  });
  chat.typingUntil = null;
  world.sent.push({ at, botId: bot.id, userId: chat.user.id, messageId: id, method, params });
  world.changed(chat);
  return body;
}

function repliedTo(chat: Chat, reply: JsonObject | undefined): ChatMessage | null | Refusal {
  if (!reply) return null;
  const found = chat.messages.find(({ id, body }) => id === reply["message_id"] && body !== null);
  if (found) return found;
  return reply["allow_sending_without_reply"] === true ? null : badRequest("message to be replied not found");
}

function tooFast({ world, bot, params }: Call, paces: Paces): Refusal | null {
  const { perBot, perChat } = world.limits;
  const late = perChat ? paces.wait(`${bot.id} ${numberIn(params, "chat_id", 0)}`, perChat) : null;
  const wait = late ?? (perBot ? paces.wait(String(bot.id), perBot) : null);
  return wait === null ? null : tooMany(Math.max(1, Math.ceil(wait / 1000)));
}

type Markup = {
  inline_keyboard?: { text: string; callback_data?: string }[][];
  keyboard?: { text: string; request_contact?: boolean }[][];
};

/** Only inline keyboards are part of the message; the other kind replaces the phone's keyboard. */
export const inlineMarkup = (markup: unknown): JsonObject =>
  (markup as Markup | undefined)?.inline_keyboard ? { reply_markup: markup as JsonObject } : {};

/** What a keyboard looks like on the phone. */
export function keyboardOf(markup: unknown): { buttons: Button[]; asksContact: string | null } {
  const { inline_keyboard: inline, keyboard } = (markup ?? {}) as Markup;
  return {
    buttons: (inline ?? []).flat().map(({ text, callback_data: data }) => ({ text, data: data ?? null })),
    asksContact: keyboard?.flat().find(({ request_contact: asks }) => asks)?.text ?? null,
  };
}
