import { instant, isId, type MessageId, type PhoneNumber } from "#kit";
import { z } from "zod";
import type { ChannelEvent, DeliveryStatus } from "../../channel.ts";
import { refusalOf } from "./outcome.ts";

type Form = Record<string, string | string[]>;

const phone = z.string().regex(/^\+[1-9]\d{4,14}$/);
const signed = {
  AccountSid: z.string().regex(/^AC[0-9a-f]{32}$/),
  ApiVersion: z.string().regex(/^\d{4}-\d{2}-\d{2}$/),
  MessageSid: z.string().regex(/^(SM|MM)[0-9a-f]{32}$/),
  From: phone,
  To: phone,
};

/** Of what has no separators when it is signed, every field is demanded in its format (docs/decisions/0006). */
const statusForm = z.object({
  ...signed,
  MessageStatus: z.enum([
    "accepted",
    "scheduled",
    "queued",
    "sending",
    "sent",
    "delivered",
    "undelivered",
    "failed",
    "read",
    "canceled",
  ]),
  ErrorCode: z
    .string()
    .regex(/^\d{5}$/)
    .optional(),
});
const inboundForm = z.object({
  ...signed,
  Body: z.string().max(1600),
  NumMedia: z
    .string()
    .regex(/^\d{1,2}$/)
    .default("0"),
});

const STATUS: Partial<Record<string, DeliveryStatus>> = {
  sent: "sent",
  delivered: "delivered",
  read: "read",
  undelivered: "failed",
  failed: "failed",
  canceled: "failed",
};

/** Reads one signed form: a message of a customer, or what became of one of ours. Null: neither. */
export function readForm(form: Form, query: Record<string, string>, now: number): ChannelEvent[] | null {
  return form["MessageStatus"] === undefined ? readInbound(form, now) : readStatus(form, query["message"], now);
}

function readStatus(form: Form, ours: string | undefined, now: number): ChannelEvent[] | null {
  const read = statusForm.safeParse(form);
  if (!read.success) return null;
  const { MessageSid: sid, MessageStatus, ErrorCode, From, To } = read.data;
  const origin = { account: From, lane: To, dedupe: `${sid}:${MessageStatus}`, at: instant(now) };
  const status = STATUS[MessageStatus];
  if (status === undefined) return [{ ...origin, kind: "ignored", what: MessageStatus }];
  return [
    {
      ...origin,
      kind: "status",
      providerId: sid,
      messageId: ours !== undefined && isId(ours) ? (ours as MessageId) : null,
      status,
      refusal: status === "failed" ? refusalOf(Number(ErrorCode ?? 30008), MessageStatus) : null,
    },
  ];
}

function readInbound(form: Form, now: number): ChannelEvent[] | null {
  const read = inboundForm.safeParse(form);
  if (!read.success) return null;
  const { MessageSid: sid, From, To, Body, NumMedia } = read.data;
  const hasMedia = Number(NumMedia) > 0;
  return [
    {
      account: To,
      lane: From,
      dedupe: sid,
      at: instant(now),
      kind: "message",
      providerId: sid,
      from: From,
      alsoKnownAs: [],
      phone: From as PhoneNumber,
      name: null,
      content: Body === "" && hasMedia ? { kind: "unsupported", what: "MMS" } : { kind: "text", text: Body },
      repliesTo: null,
    },
  ];
}
