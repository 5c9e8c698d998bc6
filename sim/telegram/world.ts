import type { Clock, Instant, JsonObject } from "#kit";
import type { Pace } from "../kit/pace.ts";
import type { Random } from "../kit/random.ts";
import type { Files } from "./files.ts";
import type { TelegramFaults } from "./faults.ts";
import type { Updates } from "./updates.ts";

/** A bot as BotFather makes it. */
export interface BotAccount {
  /** `<id>:<secret>`. */
  token: string;
  username: string;
  name: string;
}

/** Where a bot's updates go. */
interface Hook {
  url: string;
  secret: string | null;
  maxConnections: number;
}

/** One update that waits to be taken by the application. */
export interface Parcel {
  update: JsonObject & { update_id: number };
  since: Instant;
}

export interface Bot extends BotAccount {
  id: number;
  hook: Hook | null;
  /** Null: everything but what has to be asked for. */
  allowed: string[] | null;
  pending: Parcel[];
  lastError: { at: Instant; words: string } | null;
  nextUpdate: number;
  nextMessage: number;
}

/** A button under a message. */
export interface Button {
  text: string;
  data: string | null;
}

/** One bubble in a person's chat with a bot. */
export interface ChatMessage {
  id: number;
  from: "bot" | "user";
  /** `text`, `photo`, `contact`, `tap`, … */
  kind: string;
  text: string;
  buttons: Button[];
  /** The words on the button that shares the phone number. */
  asksContact: string | null;
  at: Instant;
  edited: boolean;
  repliesTo: number | null;
  /** As the Bot API shows it; null for a tap, which is no message. */
  body: JsonObject | null;
}

/** A person with Telegram on the phone. */
export interface User {
  id: number;
  firstName: string;
  lastName: string | null;
  username: string | null;
  languageCode: string;
  /** Digits without plus, as Telegram keeps it. */
  phone: string | null;
  /** Deleted their account. */
  deactivated: boolean;
}

/** A person's chat with one bot. */
export interface Chat {
  user: User;
  bot: Bot;
  /** Pressed Start at least once: before that the bot may not write. */
  started: boolean;
  blocked: boolean;
  typingUntil: Instant | null;
  messages: ChatMessage[];
  /** Taps whose spinner still turns, by the query's id. */
  spinning: Map<string, Instant>;
  listeners: Set<() => void>;
}

/** A call that was carried out and put something into a chat. */
export interface Sent {
  at: Instant;
  botId: number;
  userId: number;
  messageId: number;
  method: string;
  params: JsonObject;
}

/** Limits beyond which Telegram answers 429; null when off. */
export interface Limits {
  perBot: Pace | null;
  perChat: Pace | null;
}

/** Everything the stand-in knows; the parts around it change it. */
export interface World {
  clock: Clock;
  random: Random;
  faults: TelegramFaults;
  limits: Limits;
  bots: Bot[];
  users: Map<number, User>;
  chats: Map<string, Chat>;
  files: Files;
  sent: Sent[];
  updates: Updates;
  /** The address under which a webhook is reached from here. */
  reach(url: string): string;
  changed(chat: Chat): void;
}

/** The bot whose secret this is; null for any other token. */
export const botOf = (world: World, token: string): Bot | null => world.bots.find((bot) => bot.token === token) ?? null;

export function createBot(account: BotAccount, random: Random): Bot {
  return {
    ...account,
    id: Number(account.token.split(":")[0]),
    hook: null,
    allowed: null,
    pending: [],
    lastError: null,
    nextUpdate: 100_000_000 + random.below(1_000_000),
    nextMessage: 1 + random.below(1000),
  };
}

/** The person with this id; met for the first time, they have a name and no phone anybody knows. */
export function userOf(world: World, id: number): User {
  const known = world.users.get(id);
  if (known) return known;
  const user: User = {
    id,
    firstName: `User ${id}`,
    lastName: null,
    username: null,
    languageCode: "ru",
    phone: null,
    deactivated: false,
  };
  world.users.set(id, user);
  return user;
}

/** The chat of a person with a bot, begun or not. */
export function chatOf(world: World, bot: Bot, user: User): Chat {
  const key = `${bot.id} ${user.id}`;
  const known = world.chats.get(key);
  if (known) return known;
  const chat: Chat = {
    user,
    bot,
    started: false,
    blocked: false,
    typingUntil: null,
    messages: [],
    spinning: new Map(),
    listeners: new Set(),
  };
  world.chats.set(key, chat);
  return chat;
}
