import type { JsonObject } from "#kit";
import type { InboundContent } from "../../channel.ts";
import type { MetaContent } from "./schema.ts";

const files = {
  image: "image",
  video: "video",
  document: "document",
  sticker: "sticker",
  audio: "audio",
} as const;

/** Says what a message holds. Whatever this version cannot show is `unsupported`, with its name for the operator. */
export function readContent(message: MetaContent): InboundContent {
  switch (message.type) {
    case "text":
      return message.text ? { kind: "text", text: message.text.body } : unsupported(message);
    case "image":
    case "video":
    case "audio":
    case "document":
    case "sticker":
      return readFile(message, message.type);
    case "button":
      return readTemplateButton(message);
    case "interactive":
      return readInteractive(message);
    case "location":
      return readLocation(message);
    case "contacts":
      return readContacts(message);
    case "reaction":
      return readReaction(message);
    case "order":
      return readOrder(message);
    default:
      return unsupported(message);
  }
}

const unsupported = (message: MetaContent): InboundContent => {
  const type = message.unsupported?.type ?? message.interactive?.type ?? message.type;
  return {
    kind: "unsupported",
    what: type === "unsupported" ? (message.errors?.[0]?.title ?? type) : type,
  };
};

function readFile(message: MetaContent, type: keyof typeof files): InboundContent {
  const file = message[type];
  if (!file) return unsupported(message);
  return {
    kind: "media",
    media: type === "audio" && file.voice ? "voice" : files[type],
    fileId: file.id,
    mimeType: file.mime_type ?? "application/octet-stream",
    caption: file.caption ?? "",
    ...(file.filename === undefined ? {} : { fileName: file.filename }),
  };
}

/** A tap under a template: Meta calls it `button` and not `interactive`. */
function readTemplateButton(message: MetaContent): InboundContent {
  const text = message.button?.text ?? "";
  const id = message.button?.payload ?? text;
  return id === "" ? unsupported(message) : { kind: "choice", id, text: text || id };
}

function readInteractive(message: MetaContent): InboundContent {
  const tapped = message.interactive?.button_reply ?? message.interactive?.list_reply;
  if (tapped) return { kind: "choice", id: tapped.id, text: tapped.title ?? tapped.id };
  const form = message.interactive?.nfm_reply;
  const text = form && (linesOf(form.response_json) ?? form.body);
  return text ? { kind: "text", text } : unsupported(message);
}

/** The answers of a filled-in form, one to a line; null when they are not a JSON object. */
function linesOf(json: string | undefined): string | null {
  try {
    const answers = JSON.parse(json ?? "") as JsonObject;
    const lines = Object.entries(answers)
      .filter(([name]) => name !== "flow_token")
      .map(([name, value]) => `${name}: ${typeof value === "string" ? value : JSON.stringify(value)}`);
    return lines.length === 0 ? null : lines.join("\n");
  } catch {
    return null;
  }
}

function readLocation(message: MetaContent): InboundContent {
  const place = message.location;
  if (!place) return unsupported(message);
  const text = [place.name, place.address].filter(Boolean).join(", ");
  return { kind: "location", latitude: place.latitude, longitude: place.longitude, text };
}

function readContacts(message: MetaContent): InboundContent {
  if (!message.contacts) return unsupported(message);
  const cards = message.contacts.map((card) => ({
    name: card.name?.formatted_name,
    phones: (card.phones ?? []).map((entry) => (entry.wa_id ? `+${entry.wa_id}` : entry.phone)).filter(isText),
  }));
  return {
    kind: "contacts",
    text: cards.map((card) => [card.name, ...card.phones].filter(Boolean).join(", ")).join("\n"),
    phones: cards.flatMap((card) => card.phones),
  };
}

const isText = (value: string | undefined): value is string => value !== undefined && value !== "";

/** An empty emoji takes the reaction back. */
function readReaction(message: MetaContent): InboundContent {
  if (!message.reaction) return unsupported(message);
  return { kind: "reaction", to: message.reaction.message_id, emoji: message.reaction.emoji ?? "" };
}

function readOrder(message: MetaContent): InboundContent {
  if (!message.order) return unsupported(message);
  const lines = (message.order.product_items ?? []).map(
    (item) =>
      `${item.product_retailer_id ?? "?"} × ${item.quantity ?? 1}, ${item.item_price ?? "?"} ${item.currency ?? ""}`,
  );
  return {
    kind: "order",
    text: [...lines.map((line) => line.trim()), message.order.text].filter(isText).join("\n"),
  };
}
