import type { proto } from "@whiskeysockets/baileys";
import type { InboundContent } from "../../../channel.ts";

type Message = proto.IMessage;

const WRAPPERS = [
  "ephemeralMessage",
  "viewOnceMessage",
  "viewOnceMessageV2",
  "viewOnceMessageV2Extension",
  "documentWithCaptionMessage",
  "editedMessage",
  "associatedChildMessage",
] as const;

const MOST_WRAPPED = 5;

/** What is inside the envelopes of vanishing, once-viewed and captioned messages. */
export function unwrap(message: Message): Message {
  let inside = message;
  for (let depth = 0; depth < MOST_WRAPPED; depth += 1) {
    const wrapper = WRAPPERS.find((name) => inside[name]?.message);
    if (!wrapper) return inside;
    inside = inside[wrapper]!.message!;
  }
  return inside;
}

/** Reads what a customer sent. Pure. What we cannot show is named; null when there is nothing to show at all. */
export function readContent(message: Message): InboundContent | null {
  const text = message.conversation ?? message.extendedTextMessage?.text;
  if (text) return { kind: "text", text };
  return readMedia(message) ?? readPlace(message) ?? readContacts(message) ?? readRest(message);
}

function readMedia(message: Message): InboundContent | null {
  const { imageMessage, videoMessage, audioMessage, documentMessage, stickerMessage } = message;
  if (imageMessage) return file("image", imageMessage, imageMessage.caption);
  if (videoMessage ?? message.ptvMessage)
    return file("video", (videoMessage ?? message.ptvMessage)!, videoMessage?.caption);
  if (audioMessage) return file(audioMessage.ptt ? "voice" : "audio", audioMessage);
  if (stickerMessage) return file("sticker", stickerMessage);
  if (!documentMessage) return null;
  const { caption, fileName, title } = documentMessage;
  const named = fileName ?? title;
  return { ...file("document", documentMessage, caption), ...(named ? { fileName: named } : {}) };
}

interface FileReference {
  mimetype?: string | null;
  directPath?: string | null;
  mediaKey?: Uint8Array | null;
}

type Media = Extract<InboundContent, { kind: "media" }>;

function file(media: Media["media"], about: FileReference, caption?: string | null): Media {
  return { kind: "media", media, fileId: fileId(media, about), mimeType: about.mimetype ?? "", caption: caption ?? "" };
}

/** All that is needed to fetch and decrypt the file later: the path at WhatsApp (never an address) and its key. */
function fileId(media: Media["media"], { directPath, mediaKey }: FileReference): string {
  const key = mediaKey ? Buffer.from(mediaKey).toString("base64url") : "";
  return Buffer.from(JSON.stringify({ media, path: directPath ?? "", key })).toString("base64url");
}

function readPlace({ locationMessage, liveLocationMessage }: Message): InboundContent | null {
  const place = locationMessage ?? liveLocationMessage;
  if (!place || place.degreesLatitude == null || place.degreesLongitude == null) return null;
  const said = locationMessage ? [locationMessage.name, locationMessage.address] : [liveLocationMessage?.caption];
  return {
    kind: "location",
    latitude: place.degreesLatitude,
    longitude: place.degreesLongitude,
    text: said.filter(Boolean).join(", "),
  };
}

function readContacts({ contactMessage, contactsArrayMessage }: Message): InboundContent | null {
  const cards = contactMessage ? [contactMessage] : (contactsArrayMessage?.contacts ?? []);
  if (cards.length === 0) return null;
  const text = cards
    .map(({ displayName }) => displayName)
    .filter(Boolean)
    .join(", ");
  return { kind: "contacts", text, phones: cards.flatMap(({ vcard }) => phonesIn(vcard ?? "")) };
}

const phonesIn = (card: string): string[] =>
  [...card.matchAll(/^(?:item\d+\.)?TEL[^:\n]*:(.+)$/gim)].map(([, phone]) => phone!.trim());

/** Parts of a message that are no content of their own. */
const ASIDE = new Set(["messageContextInfo", "senderKeyDistributionMessage", "protocolMessage"]);

function readRest(message: Message): InboundContent | null {
  const kind = Object.entries(message).find(([name, value]) => value != null && !ASIDE.has(name))?.[0];
  return kind === undefined ? null : { kind: "unsupported", what: kind.replace(/Message$/, "") };
}
