import { z } from "zod";

/** Optional, and absent when it has another shape than we can use: one odd field must not hide the rest. */
const lenient = <T extends z.ZodType>(schema: T) => schema.optional().catch(undefined);

const text = lenient(z.string());
const list = lenient(z.array(z.unknown()));

/** The outer layers of a webhook. Items stay unknown here, so that a bad one spoils only itself. */
export const envelope = z.object({
  object: z.literal("whatsapp_business_account"),
  entry: z.array(z.unknown()),
});

export const entrySchema = z.object({
  id: z.string(),
  time: lenient(z.number()),
  changes: z.array(z.unknown()),
});
export type Entry = z.infer<typeof entrySchema>;

export const changeSchema = z.object({
  field: z.string(),
  value: z.record(z.string(), z.unknown()),
});

/** `value` of the field `messages`: messages, statuses or errors, never checked here in depth. */
export const messagesValue = z.object({
  metadata: z.object({ phone_number_id: z.string() }),
  contacts: lenient(
    z.array(
      z.object({
        profile: lenient(z.object({ name: text })),
        wa_id: text,
        user_id: text,
        parent_user_id: text,
      }),
    ),
  ),
  messages: list,
  statuses: list,
  errors: list,
});
export type MessagesValue = z.infer<typeof messagesValue>;

export const metaErrorSchema = z.object({
  code: z.number(),
  error_subcode: lenient(z.number()),
  title: text,
  message: text,
  error_data: lenient(z.object({ details: text })),
});
export type MetaError = z.infer<typeof metaErrorSchema>;

const file = lenient(
  z.object({
    id: z.string(),
    mime_type: text,
    caption: text,
    filename: text,
    voice: lenient(z.boolean()),
  }),
);
const reply = lenient(z.object({ id: z.string(), title: text }));

/** What a message holds besides who sent it; the same inside `edit.message`. */
const content = {
  type: z.string(),
  text: lenient(z.object({ body: z.string() })),
  image: file,
  video: file,
  audio: file,
  document: file,
  sticker: file,
  button: lenient(z.object({ payload: text, text: text })),
  interactive: lenient(
    z.object({
      type: text,
      button_reply: reply,
      list_reply: reply,
      nfm_reply: lenient(z.object({ response_json: text, body: text })),
    }),
  ),
  location: lenient(z.object({ latitude: z.number(), longitude: z.number(), name: text, address: text })),
  contacts: lenient(
    z.array(
      z.object({
        name: lenient(z.object({ formatted_name: text })),
        phones: lenient(z.array(z.object({ phone: text, wa_id: text }))),
      }),
    ),
  ),
  reaction: lenient(z.object({ message_id: z.string(), emoji: text })),
  order: lenient(
    z.object({
      text,
      product_items: lenient(
        z.array(
          z.object({
            product_retailer_id: text,
            quantity: lenient(z.number()),
            item_price: lenient(z.number()),
            currency: text,
          }),
        ),
      ),
    }),
  ),
  unsupported: lenient(z.object({ type: text })),
  errors: lenient(z.array(metaErrorSchema)),
};

const contentSchema = z.object(content);
export type MetaContent = z.infer<typeof contentSchema>;

export const messageSchema = z.object({
  ...content,
  id: z.string(),
  timestamp: text,
  from: text,
  from_user_id: text,
  from_parent_user_id: text,
  group_id: text,
  context: lenient(z.object({ id: text })),
  edit: lenient(z.object({ original_message_id: z.string(), message: contentSchema })),
  revoke: lenient(z.object({ original_message_id: z.string() })),
  system: lenient(z.object({ type: text, wa_id: text, new_wa_id: text, user_id: text, previous_user_id: text })),
});
export type MetaMessage = z.infer<typeof messageSchema>;

export const statusSchema = z.object({
  id: z.string(),
  status: z.enum(["sent", "delivered", "read", "played", "failed"]),
  timestamp: text,
  recipient_id: text,
  recipient_user_id: text,
  recipient_type: text,
  biz_opaque_callback_data: text,
  errors: lenient(z.array(metaErrorSchema)),
});
export type MetaStatus = z.infer<typeof statusSchema>;

/** Fields of template changes; `event`, a score or a category tells what changed. */
export const templateValue = z.object({
  message_template_name: z.string(),
  message_template_language: z.string(),
  event: text,
  reason: text,
  message_template_category: text,
  rejection_info: lenient(z.object({ reason: text })),
  new_quality_score: text,
  new_category: text,
});

export const accountValue = z.object({
  event: text,
  decision: text,
  ban_info: lenient(z.object({ waba_ban_state: text })),
  restriction_info: lenient(z.array(z.object({ restriction_type: text }))),
  violation_info: lenient(z.object({ violation_type: text })),
});

/** `value` of the field `user_id_update`; newer accounts get the same news as a system message instead. */
export const userIdValue = z.object({
  metadata: lenient(z.object({ phone_number_id: z.string() })),
  user_id_update: z.array(
    z.object({
      user_id: z.object({ previous: z.string(), current: z.string() }),
      timestamp: lenient(z.union([z.string(), z.number()])),
    }),
  ),
});
