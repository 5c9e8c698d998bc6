import { problem } from "#http";
import { locales, storable } from "#kit";
import { z } from "zod";

const tags = ["conversations"];
const time = z.string().nullable();
export const refusals = { 401: problem, 403: problem, 404: problem, 422: problem };

const conversation = z.object({
  id: z.string(),
  customer: z.object({
    id: z.string(),
    name: z.string().nullable(),
    phone: z.string().nullable().describe("Null: the number is hidden."),
  }),
  channel: z.string(),
  owner: z.string().describe("bot, queue, operator or closed"),
  operator: z.object({ id: z.string(), name: z.string() }).nullable(),
  preview: z.string(),
  unread: z.number().int(),
  waitingSince: time.describe("Since when a message of the customer has no answer."),
  lastMessageAt: time,
  locale: z.enum(locales),
  position: z.number().int().nullable().describe("The place in the queue for a person, from 1."),
  blocked: z.boolean().describe("The customer has blocked us here: nothing can be sent until they write again."),
});

const file = z.object({
  id: z.string(),
  kind: z.enum(["image", "video", "audio", "voice", "document", "sticker"]),
  caption: z.string(),
  fileName: z.string().nullable(),
  at: z
    .enum(["wanted", "fetching", "stored", "failed", "expired"])
    .describe("Only what is stored can be opened. Expired: deleted by age."),
  because: z
    .enum(["gone", "too-large", "refused", "not-connected", "damaged", "unreachable", "not-stored"])
    .nullable()
    .describe("Why it failed; see docs/media.md."),
  nextTryAt: time.describe("When it is tried again, after a try has failed."),
  size: z.number().int().nullable(),
  type: z.string().nullable().describe("By its content, never by what it was declared to be."),
  showable: z.boolean().describe("Whether a page may show it; else it can only be saved."),
});

const message = z.object({
  id: z.string(),
  author: z.enum(["customer", "bot", "operator", "system", "note"]),
  authorName: z.string().nullable(),
  text: z.string(),
  at: z.string(),
  status: z
    .string()
    .nullable()
    .describe(
      "queued, sending, accepted, sent, delivered, read, failed, or unclear: nobody knows whether it arrived. Null for what is not sent.",
    ),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
  choices: z.array(z.object({ id: z.string(), title: z.string() })),
  guesses: z.array(z.object({ intent: z.string(), confidence: z.number() })),
  file: file.nullable().describe("The picture, sound, film or document of the message; at /media/ and its id."),
  editedAt: time.describe("When the customer changed these words last."),
});

const call = z.object({
  id: z.string(),
  placeAtOffer: z.number().int().nullable(),
  waitedSeconds: z.number().nullable(),
  ewtSeconds: z.number().nullable(),
  acceptedAt: time,
  deliveredAt: time,
  endedAt: time,
  outcome: z.string().nullable(),
});

const attach = z
  .object({ types: z.array(z.string()), mostBytes: z.number().int() })
  .nullable()
  .describe("Files that can be sent to the customer; null when this messenger carries none.");

const thread = z.object({
  conversation: conversation.extend({
    window: z.object({ open: z.boolean(), closesAt: time }),
    call: call.nullable(),
    attach,
  }),
  messages: z.array(message),
});

const params = z.object({ id: z.uuid() });
const words = z.string().trim().min(1).max(4096).transform(storable);
const written = z.strictObject({
  text: words,
  clientId: z.uuid().describe("Chosen by the browser, so that pressing Send twice writes once."),
});

export const listSchema = {
  tags,
  summary: "Conversations: mine, waiting in the queue, with the bot, or closed",
  querystring: z.object({ view: z.enum(["mine", "queue", "bot", "closed"]).default("mine") }),
  response: { 200: z.object({ conversations: z.array(conversation) }), ...refusals },
};

export const readSchema = {
  tags,
  summary: "One conversation with its messages and the call it came from",
  params,
  response: { 200: thread, ...refusals },
};

export const replySchema = {
  tags,
  summary: "Send a reply to the customer; a conversation nobody has is taken over",
  params,
  body: written,
  response: { 202: z.object({ messageId: z.string() }), ...refusals, 409: problem },
};

export const noteSchema = {
  tags,
  summary: "Write a note that only colleagues see",
  params,
  body: written,
  response: { 204: z.undefined(), ...refusals },
};

export const markReadSchema = {
  tags,
  summary: "Mark everything the customer wrote as read",
  params,
  response: { 204: z.undefined(), ...refusals },
};

export const transferSchema = {
  tags,
  summary: "Give the conversation to a colleague, back to the queue or to the bot",
  params,
  body: z.strictObject({
    to: z.union([
      z.strictObject({ operatorId: z.uuid() }),
      z.strictObject({ queue: z.literal(true) }),
      z.strictObject({ bot: z.literal(true) }),
    ]),
    note: words.optional(),
  }),
  response: { 204: z.undefined(), ...refusals, 409: problem },
};

export const closeSchema = {
  tags,
  summary: "Close the conversation; the customer is asked for a rating",
  params,
  body: z.strictObject({ outcome: z.string().trim().max(100).transform(storable).optional() }).nullish(),
  response: { 204: z.undefined(), ...refusals, 409: problem },
};

export const linkSchema = {
  tags,
  summary: "Make a link into another messenger for this customer; it opens once",
  params,
  body: z.strictObject({ channel: z.string().min(1).max(50).describe("Such as telegram.") }),
  response: { 201: z.object({ url: z.string(), expiresAt: z.string() }), ...refusals, 409: problem },
};

export const takeNextSchema = {
  tags,
  summary: "Take the conversation that waits longest",
  response: { 200: z.object({ conversationId: z.string() }), 204: z.undefined(), 401: problem, 403: problem },
};
