import { z } from "zod";

/** Only the fields we use; Telegram adds others without notice. */
const user = z.object({
  id: z.int(),
  is_bot: z.boolean(),
  first_name: z.string(),
  last_name: z.string().optional(),
  language_code: z.string().optional(),
});
const chat = z.object({ id: z.int(), type: z.string() });

const file = z.object({
  file_id: z.string(),
  mime_type: z.string().optional(),
  file_name: z.string().optional(),
});
const place = z.object({ latitude: z.number(), longitude: z.number() });
const contact = z.object({
  phone_number: z.string(),
  first_name: z.string(),
  last_name: z.string().optional(),
  user_id: z.int().optional(),
});

/** A field of another shape than we know is as good as absent: the message itself must not be lost for it. */
const maybe = <Schema extends z.ZodType>(schema: Schema) => schema.optional().catch(undefined);

export const messageSchema = z.looseObject({
  message_id: z.int(),
  from: user,
  chat,
  date: z.number(),
  edit_date: maybe(z.number()),
  reply_to_message: maybe(z.object({ message_id: z.int() })),
  text: maybe(z.string()),
  caption: maybe(z.string()),
  photo: maybe(z.array(file)),
  voice: maybe(file),
  audio: maybe(file),
  video: maybe(file),
  video_note: maybe(file),
  animation: maybe(file),
  document: maybe(file),
  sticker: maybe(file),
  location: maybe(place),
  venue: maybe(z.object({ location: place, title: z.string(), address: z.string() })),
  contact: maybe(contact),
  dice: maybe(z.object({ emoji: z.string() })),
});
export type TelegramMessage = z.output<typeof messageSchema>;

const button = z.object({ text: z.string(), callback_data: z.string().optional() });

export const tapSchema = z.object({
  id: z.string(),
  from: user,
  data: z.string().optional(),
  message: z
    .object({
      message_id: z.int(),
      chat,
      reply_markup: z.object({ inline_keyboard: z.array(z.array(button)) }).optional(),
    })
    .optional(),
});

export const memberSchema = z.object({
  chat,
  date: z.number(),
  new_chat_member: z.object({ status: z.string() }),
});

export const updateSchema = z.looseObject({ update_id: z.int() });

/** An answer of the Bot API. */
export const answerSchema = z.object({
  ok: z.boolean(),
  error_code: z.number().optional(),
  description: z.string().optional(),
  parameters: z.object({ retry_after: z.number().optional() }).optional(),
});

export const sentSchema = z.object({ message_id: z.int() });
export const botSchema = z.object({ id: z.int(), username: z.string(), first_name: z.string() });
export const webhookInfoSchema = z.object({
  url: z.string(),
  pending_update_count: z.number(),
  last_error_date: z.number().optional(),
  last_error_message: z.string().optional(),
});
