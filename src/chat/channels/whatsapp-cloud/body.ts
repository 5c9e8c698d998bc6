import { cut, unreachable } from "#kit";
import type { JsonObject } from "#kit";
import type { Abilities, Choice, OutboundContent, OutboundMessage } from "../../channel.ts";
import { recipientOf } from "./address.ts";

const INTERACTIVE_TEXT = { buttons: 1024, list: 4096 };
const LIST_BUTTON_LABEL = 20;
const CHOICE_ID = 200;
const TEMPLATE_VARIABLE = 1024;
const FILE_NAME = 240;

/**
 * The body of `POST /{phone-number-id}/messages`. Pure. What is too long is cut, because Meta would refuse all of it.
 * A file was uploaded before; `uploaded` is Meta's id of it.
 */
export function bodyOf(message: OutboundMessage, abilities: Abilities, uploaded = ""): JsonObject {
  return {
    messaging_product: "whatsapp",
    recipient_type: "individual",
    ...recipientOf(message.to.id),
    ...(message.replyTo === undefined ? {} : { context: { message_id: message.replyTo } }),
    biz_opaque_callback_data: message.id,
    ...contentOf(message.content, abilities, uploaded),
  };
}

/** Marks the customer's message as read and, when asked, shows "typing…" until the next message or for 25 seconds. */
export const readBody = (providerId: string, typing: boolean): JsonObject => ({
  messaging_product: "whatsapp",
  status: "read",
  message_id: providerId,
  ...(typing ? { typing_indicator: { type: "text" } } : {}),
});

function contentOf(content: OutboundContent, abilities: Abilities, uploaded: string): JsonObject {
  switch (content.kind) {
    case "text":
    case "ask-phone":
      return textOf(content.text, abilities);
    case "buttons":
      return content.choices.length === 0 ? textOf(content.text, abilities) : buttonsOf(content, abilities);
    case "list":
      return content.choices.length === 0 ? textOf(content.text, abilities) : listOf(content, abilities);
    case "media":
      return fileOf(content, uploaded, abilities);
    case "template":
      return templateOf(content);
    default:
      return unreachable(content);
  }
}

const textOf = (text: string, abilities: Abilities): JsonObject => ({
  type: "text",
  text: { body: cut(text, abilities.textLength), preview_url: false },
});

/** A voice note is Meta's audio that plays in the chat; only documents keep their name. */
function fileOf(
  { media, text, fileName }: Extract<OutboundContent, { kind: "media" }>,
  id: string,
  abilities: Abilities,
): JsonObject {
  if (media === "voice") return { type: "audio", audio: { id, voice: true } };
  const most = abilities.media?.[media]?.caption ?? 0;
  const caption = text.trim() === "" || most === 0 ? {} : { caption: cut(text, most) };
  const name = media === "document" ? { filename: cut(fileName, FILE_NAME) } : {};
  return { type: media, [media]: { id, ...caption, ...name } };
}

function buttonsOf(content: Extract<OutboundContent, { kind: "buttons" }>, { buttons }: Abilities): JsonObject {
  const choices = distinct(content.choices, buttons.most, buttons.titleLength);
  return {
    type: "interactive",
    interactive: {
      type: "button",
      body: { text: cut(content.text, INTERACTIVE_TEXT.buttons) },
      action: {
        buttons: choices.map(({ id, title }) => ({ type: "reply", reply: { id, title } })),
      },
    },
  };
}

function listOf(content: Extract<OutboundContent, { kind: "list" }>, { list }: Abilities): JsonObject {
  const rows = distinct(content.choices, list.mostRows, list.titleLength);
  return {
    type: "interactive",
    interactive: {
      type: "list",
      body: { text: cut(content.text, INTERACTIVE_TEXT.list) },
      action: {
        button: cut(content.button, LIST_BUTTON_LABEL),
        sections: [{ rows: rows.map((row) => rowOf(row, list.descriptionLength)) }],
      },
    },
  };
}

const rowOf = ({ id, title, description }: Choice, descriptionLength: number): JsonObject => ({
  id,
  title,
  ...(description ? { description: cut(description, descriptionLength) } : {}),
});

function templateOf(content: Extract<OutboundContent, { kind: "template" }>): JsonObject {
  const variables = content.variables.map((text) => ({ type: "text", text: oneLine(text) }));
  const buttons = content.payloads.map((payload, index) => ({
    type: "button",
    sub_type: "quick_reply",
    index: String(index),
    parameters: [{ type: "payload", payload }],
  }));
  const components = [...(variables.length > 0 ? [{ type: "body", parameters: variables }] : []), ...buttons];
  return {
    type: "template",
    template: {
      name: content.name,
      language: { code: content.locale },
      ...(components.length > 0 ? { components } : {}),
    },
  };
}

/** Meta refuses variables with line breaks, tabs or long runs of spaces. */
const oneLine = (text: string) => cut(text.replace(/\s+/gu, " ").trim(), TEMPLATE_VARIABLE);

/** The first `most` choices with ids and titles that differ, as Meta insists. */
function distinct(choices: Choice[], most: number, titleLength: number): Choice[] {
  const byId = new Map<string, Choice>();
  const titles = new Set<string>();
  for (const choice of choices) {
    const id = choice.id.slice(0, CHOICE_ID);
    if (byId.size === most || byId.has(id)) continue;
    const title = unused(choice.title, titles, titleLength);
    titles.add(title);
    byId.set(id, { ...choice, id, title });
  }
  return [...byId.values()];
}

/** The title itself, or the title with the lowest number that makes it different. */
function unused(title: string, taken: Set<string>, length: number): string {
  for (let number = 1; ; number += 1) {
    const suffix = number === 1 ? "" : ` ${number}`;
    const candidate = cut(title, length - suffix.length) + suffix;
    if (!taken.has(candidate)) return candidate;
  }
}
