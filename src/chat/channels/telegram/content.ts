import { readPhone } from "#kit";
import type { InboundContent } from "../../channel.ts";
import type { TelegramMessage } from "./schema.ts";

type Media = Extract<InboundContent, { kind: "media" }>["media"];

/** `/start`, and the token of the link `https://t.me/<bot>?start=<token>` it came from. */
const START = /^\/start(?:@\w+)?(?:\s+([A-Za-z0-9_-]{1,64}))?\s*$/;

/** Where a message may carry a file; the first that is there counts, because an animation is a document as well. */
const FILES = [
  ["voice", "voice", "audio/ogg"],
  ["audio", "audio", "audio/mpeg"],
  ["video", "video", "video/mp4"],
  ["video_note", "video", "video/mp4"],
  ["animation", "video", "video/mp4"],
  ["sticker", "sticker", "image/webp"],
  ["document", "document", "application/octet-stream"],
] as const satisfies [keyof TelegramMessage, Media, string][];

/** Says what a message holds. Whatever this version cannot show is `unsupported`, with its name for the operator. */
export function readContent(message: TelegramMessage): InboundContent {
  const { text, contact } = message;
  if (text !== undefined) return readText(text);
  if (contact) return readContact(message, contact);
  return readPhoto(message) ?? readFile(message) ?? readPlace(message) ?? readRest(message);
}

function readText(text: string): InboundContent {
  const start = START.exec(text);
  return start ? { kind: "start", token: start[1] ?? null } : { kind: "text", text };
}

/**
 * A card is the sender's own number only when Telegram says that it belongs to the sender's account: anybody can send
 * anybody's card.
 */
function readContact(
  { from }: TelegramMessage,
  { phone_number: digits, first_name: first, last_name: last, user_id: owner }: NonNullable<TelegramMessage["contact"]>,
): InboundContent {
  const number = digits.startsWith("+") ? digits : `+${digits}`;
  const phone = readPhone(number);
  if (phone !== null && owner !== undefined && owner === from.id) return { kind: "own-phone", phone };
  const name = [first, last].filter(Boolean).join(" ");
  return { kind: "contacts", text: `${name}, ${number}`, phones: [number] };
}

/** A photo comes in several sizes, the largest last. */
function readPhoto({ photo, caption = "" }: TelegramMessage): InboundContent | null {
  const largest = photo?.at(-1);
  if (!largest) return null;
  return { kind: "media", media: "image", fileId: largest.file_id, mimeType: "image/jpeg", caption };
}

function readFile(message: TelegramMessage): InboundContent | null {
  for (const [field, media, usual] of FILES) {
    const file = message[field];
    if (!file) continue;
    const name = file.file_name === undefined ? {} : { fileName: file.file_name };
    const { caption = "" } = message;
    return { kind: "media", media, fileId: file.file_id, mimeType: file.mime_type ?? usual, caption, ...name };
  }
  return null;
}

function readPlace({ location, venue }: TelegramMessage): InboundContent | null {
  const place = venue?.location ?? location;
  if (!place) return null;
  const text = venue ? [venue.title, venue.address].filter(Boolean).join(", ") : "";
  return { kind: "location", ...place, text };
}

/** Fields every message may have; what else is there names its kind. */
const COMMON = new Set([
  "message_id",
  "message_thread_id",
  "from",
  "chat",
  "date",
  "edit_date",
  "author_signature",
  "forward_origin",
  "reply_to_message",
  "external_reply",
  "quote",
  "via_bot",
  "has_protected_content",
  "reply_markup",
  "effect_id",
]);

function readRest(message: TelegramMessage): InboundContent {
  if (message.dice) return { kind: "text", text: message.dice.emoji };
  const what = Object.keys(message).find((field) => !COMMON.has(field) && message[field] !== undefined);
  return { kind: "unsupported", what: what ?? "message" };
}
