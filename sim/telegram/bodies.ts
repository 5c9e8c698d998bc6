import type { Instant, JsonObject } from "#kit";
import type { Bot, Chat, User } from "./world.ts";

export const secondsOf = (at: Instant): number => Math.floor(at / 1000);

/** A person as the Bot API describes them. */
export const userBody = (user: User): JsonObject => ({
  id: user.id,
  is_bot: false,
  first_name: user.firstName,
  ...(user.lastName === null ? {} : { last_name: user.lastName }),
  ...(user.username === null ? {} : { username: user.username }),
  language_code: user.languageCode,
});

/** A bot as other people's messages describe it. */
export const botBody = ({ id, name, username }: Bot): JsonObject => ({
  id,
  is_bot: true,
  first_name: name,
  username,
});

/** A private chat has the id of the person. */
export const chatBody = ({ user }: Chat): JsonObject => ({
  id: user.id,
  type: "private",
  first_name: user.firstName,
  ...(user.lastName === null ? {} : { last_name: user.lastName }),
  ...(user.username === null ? {} : { username: user.username }),
});

interface Head {
  id: number;
  from: "bot" | "user";
  at: Instant;
  /** The message this one answers. */
  answered: JsonObject | null;
}

/** A message without its content. Telegram quotes the answered message, but not what that one answered. */
export function messageHead(chat: Chat, { id, from, at, answered }: Head): JsonObject {
  const { reply_to_message: _deeper, ...quoted } = answered ?? {};
  return {
    message_id: id,
    from: from === "bot" ? botBody(chat.bot) : userBody(chat.user),
    chat: chatBody(chat),
    date: secondsOf(at),
    ...(answered === null ? {} : { reply_to_message: quoted }),
  };
}

/** `/start` and its like are marked as commands. */
export function textContent(text: string): JsonObject {
  const [command] = /^\/[a-z]\w*/i.exec(text) ?? [];
  if (command === undefined) return { text };
  return { text, entities: [{ type: "bot_command", offset: 0, length: command.length }] };
}

/** The bot itself as a member of a private chat: `kicked` once the person has blocked it. */
export const memberBody = (bot: Bot, status: "member" | "kicked"): JsonObject => ({
  user: botBody(bot),
  status,
  ...(status === "kicked" ? { until_date: 0 } : {}),
});
