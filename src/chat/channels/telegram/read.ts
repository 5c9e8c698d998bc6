import type { z } from "zod";
import { instant } from "#kit";
import type { ChannelEvent } from "../../channel.ts";
import { readContent } from "./content.ts";
import { messageName, secondsOf, tapName } from "./names.ts";
import { memberSchema, messageSchema, tapSchema, updateSchema, type TelegramMessage } from "./schema.ts";

type Origin = Pick<ChannelEvent, "account" | "lane" | "dedupe" | "at" | "order">;

/** Reads an update as it was posted. Null: no update at all. */
export function readBody(rawBody: Buffer, bot: string): ChannelEvent[] | null {
  try {
    const update = updateSchema.safeParse(JSON.parse(rawBody.toString("utf8")));
    return update.success ? [readUpdate(update.data, bot)] : null;
  } catch {
    return null;
  }
}

/**
 * One update is one event, known and counted by its `update_id`; everything of a person is one lane. Kinds we did not
 * ask for are `ignored`, among them deletions: Telegram tells them to business accounts alone.
 */
export function readUpdate(update: z.output<typeof updateSchema>, bot: string): ChannelEvent {
  const { update_id: id, ...rest } = update;
  const [kind = "nothing"] = Object.keys(rest);
  const origin: Origin = { account: bot, lane: bot, dedupe: String(id), at: instant(0), order: id };
  return read(kind, rest[kind], origin) ?? { ...origin, kind: "ignored", what: kind };
}

function read(kind: string, body: unknown, origin: Origin): ChannelEvent | null {
  switch (kind) {
    case "message":
      return readMessage(body, origin);
    case "edited_message":
      return readEdit(body, origin);
    case "callback_query":
      return readTap(body, origin);
    case "my_chat_member":
      return readMember(body, origin);
    default:
      return null;
  }
}

/** People write in private chats; groups, channels and other bots are none of our business. */
function privateMessage(body: unknown): TelegramMessage | null {
  const message = messageSchema.safeParse(body).data;
  return message?.chat.type === "private" && !message.from.is_bot ? message : null;
}

const laneOf = (chat: number) => `telegram:${chat}`;

/** What Telegram itself writes into a chat. */
const SERVICE = ["pinned_message", "message_auto_delete_timer_changed", "write_access_allowed", "chat_background_set"];

function readMessage(body: unknown, origin: Origin): ChannelEvent | null {
  const message = privateMessage(body);
  if (!message) return null;
  const { chat, from, message_id: id, reply_to_message: answered, date } = message;
  const here = { ...origin, lane: laneOf(chat.id), at: secondsOf(date) };
  const service = SERVICE.find((name) => message[name] !== undefined);
  if (service !== undefined) return { ...here, kind: "ignored", what: service };
  const content = readContent(message);
  return {
    ...here,
    kind: "message",
    providerId: messageName(origin.account, chat.id, id),
    ...personOf(from),
    phone: content.kind === "own-phone" ? content.phone : null,
    content,
    repliesTo: answered ? messageName(origin.account, chat.id, answered.message_id) : null,
  };
}

const personOf = (from: TelegramMessage["from"]) => ({
  from: String(from.id),
  alsoKnownAs: [],
  name: [from.first_name, from.last_name].filter(Boolean).join(" ") || null,
  language: from.language_code ?? null,
});

function readEdit(body: unknown, origin: Origin): ChannelEvent | null {
  const message = privateMessage(body);
  if (!message) return null;
  const { chat, message_id: id, edit_date: edited, date } = message;
  return {
    ...origin,
    lane: laneOf(chat.id),
    at: secondsOf(edited ?? date),
    kind: "edited",
    providerId: messageName(origin.account, chat.id, id),
    content: readContent(message),
  };
}

/** The tapped message may be too old to be shown, or absent; the private chat has the person's id. */
function readTap(body: unknown, origin: Origin): ChannelEvent | null {
  const parsed = tapSchema.safeParse(body);
  if (!parsed.success) return null;
  const { id: query, from, data, message } = parsed.data;
  const isPrivate = (message?.chat.type ?? "private") === "private";
  if (data === undefined || from.is_bot || !isPrivate) return null;
  const chat = message?.chat.id ?? from.id;
  const buttons = message?.reply_markup?.inline_keyboard.flat() ?? [];
  const tapped = buttons.find((button) => button.callback_data === data);
  return {
    ...origin,
    lane: laneOf(chat),
    kind: "message",
    providerId: tapName(origin.account, chat, message?.message_id ?? 0, query),
    ...personOf(from),
    phone: null,
    content: { kind: "choice", id: data, text: tapped?.text ?? data },
    repliesTo: message ? messageName(origin.account, chat, message.message_id) : null,
  };
}

/** A private chat's member is the bot itself: `kicked` says that the person has blocked it. */
function readMember(body: unknown, origin: Origin): ChannelEvent | null {
  const parsed = memberSchema.safeParse(body);
  if (!parsed.success || parsed.data.chat.type !== "private") return null;
  const { chat, date, new_chat_member: member } = parsed.data;
  const blocked = member.status === "kicked" || member.status === "left";
  return { ...origin, lane: laneOf(chat.id), at: secondsOf(date), kind: "blocked", from: String(chat.id), blocked };
}
