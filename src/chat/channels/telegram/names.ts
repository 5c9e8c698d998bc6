import type { Instant } from "#kit";
import { instant } from "#kit";

/**
 * How messages and taps are named outside of this folder: `<bot>:<chat>:<message>`, and for a tap
 * `<bot>:<chat>:<message>:<query>`. Telegram counts messages for each bot, so the number alone names nothing.
 */
export interface Named {
  bot: string;
  chat: string;
  /** Of the message itself, or of the one that was tapped. Rises within a chat. */
  message: number;
  /** The query to be answered, when it was a tap. */
  tap: string | null;
}

/** The name of a message. */
export const messageName = (bot: string, chat: number, message: number): string => `${bot}:${chat}:${message}`;

/** The name of a tap; message 0 when Telegram no longer says what was tapped. */
export const tapName = (bot: string, chat: number, message: number, query: string): string =>
  `${messageName(bot, chat, message)}:${query}`;

/** Reads a name; null for one that is not ours. */
export function readName(name: string): Named | null {
  const [, bot, chat, message, tap] = /^(\d+):(-?\d+):(\d+)(?::(.+))?$/.exec(name) ?? [];
  if (bot === undefined || chat === undefined) return null;
  return { bot, chat, message: Number(message), tap: tap ?? null };
}

/**
 * True when whoever did `act` has the message of ours on the screen. Message numbers rise within a chat, so a message
 * written after ours and a tap on ours or on a later one prove it; clocks prove nothing.
 */
export function hasSeen(act: string, ours: string): boolean {
  const did = readName(act);
  const message = readName(ours);
  if (!did || !message || did.bot !== message.bot || did.chat !== message.chat) return false;
  return did.tap === null ? did.message > message.message : did.message >= message.message;
}

/** Telegram's Unix seconds; 0 when it did not say, which means "take the time of arrival". */
export const secondsOf = (seconds: number | undefined): Instant =>
  instant(seconds !== undefined && seconds > 0 && seconds < 1e11 ? seconds * 1000 : 0);
