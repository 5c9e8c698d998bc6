import type { JsonObject } from "#kit";
import { textIn } from "./params.ts";
import { badRequest, type Refusal } from "./refusal.ts";

const MOST_TEXT = 4096;
const MOST_CAPTION = 1024;
const MOST_DATA = 64;
const MOST_ENTITIES = 100;

/** A text must be there and must not be too long, counted after its marks were taken out. */
export function checkText(text: unknown): Refusal | null {
  if (typeof text !== "string" || text.trim() === "") return badRequest("message text is empty");
  return text.length > MOST_TEXT ? badRequest("message is too long") : null;
}

export const checkCaption = (caption: unknown): Refusal | null =>
  typeof caption === "string" && caption.length > MOST_CAPTION ? badRequest("message caption is too long") : null;

/** Broken marks are refused whole. */
export function checkMarks(params: JsonObject): Refusal | null {
  const { parse_mode: mode, entities } = params;
  const words = textIn(params, "text") || textIn(params, "caption");
  if (mode === "HTML") return checkHtml(words);
  if (mode === "MarkdownV2" || mode === "Markdown") return checkMarkdown(words);
  if (mode !== undefined) return badRequest("unsupported parse_mode");
  return Array.isArray(entities) ? checkEntities(words, entities as JsonObject[]) : null;
}

function checkHtml(text: string): Refusal | null {
  const open: string[] = [];
  for (const { 1: closing, 2: tag, index } of text.matchAll(/<(\/?)([a-z]*)[^>]*>?/gi)) {
    const name = (tag ?? "").toLowerCase();
    if (!HTML_TAGS.has(name))
      return badRequest(`can't parse entities: Unsupported start tag "${name}" at byte offset ${index}`);
    if (closing === "") open.push(name);
    else if (open.pop() !== name)
      return badRequest(`can't parse entities: Unmatched end tag at byte offset ${index}, expected "</${name}>"`);
  }
  if (open.length === 0) return null;
  return badRequest(`can't parse entities: Can't find end tag corresponding to start tag "${open.at(-1)}"`);
}

const HTML_TAGS = new Set(["b", "strong", "i", "em", "u", "s", "a", "code", "pre", "blockquote", "tg-spoiler"]);

function checkMarkdown(text: string): Refusal | null {
  for (const mark of ["*", "_", "`"]) {
    const count = text.replace(/\\./g, "").split(mark).length - 1;
    if (count % 2 === 1)
      return badRequest(
        `can't parse entities: Can't find end of the entity starting at byte offset ${text.indexOf(mark)}`,
      );
  }
  return null;
}

function checkEntities(text: string, entities: JsonObject[]): Refusal | null {
  if (entities.length > MOST_ENTITIES) return badRequest("too many entities");
  const beyond = entities.some(({ offset, length }) => Number(offset) + Number(length) > text.length);
  return beyond ? badRequest("entity beyond the end of the message text") : null;
}

/** Buttons carry at most 64 bytes, and must carry something. */
export function checkMarkup(markup: unknown): Refusal | null {
  const rows = (markup as { inline_keyboard?: { text?: string; callback_data?: string; url?: string }[][] } | undefined)
    ?.inline_keyboard;
  for (const { text, callback_data: data, url } of rows?.flat() ?? []) {
    if (!text) return badRequest('can\'t parse inline keyboard button: Field "text" must be of type String');
    if (data === undefined && url === undefined)
      return badRequest("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard");
    if (data !== undefined && (data === "" || Buffer.byteLength(data) > MOST_DATA))
      return badRequest("BUTTON_DATA_INVALID");
  }
  return null;
}
