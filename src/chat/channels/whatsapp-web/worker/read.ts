import type { proto, WAMessage, WAMessageUpdate } from "@whiskeysockets/baileys";
import { instant, type Instant } from "#kit";
import type { ChannelEvent } from "../../../channel.ts";
import { readContent, unwrap } from "./content.ts";
import { personOf, phoneOf } from "./jid.ts";
import { idInName, nameOfTheirs } from "./names.ts";

/** Our own side of every chat. */
export interface Me {
  account: string;
  /** The account's own jids, without device. */
  jids: (string | null)[];
}

const REVOKE = 0 satisfies proto.Message.ProtocolMessage.Type.REVOKE;
const MESSAGE_EDIT = 14 satisfies proto.Message.ProtocolMessage.Type.MESSAGE_EDIT;

/** Reads one message as the library decrypted it. Pure. Groups, broadcasts and what the telephone itself sent come back as `ignored`. */
export function readMessage(message: WAMessage, me: Me): ChannelEvent {
  const { key } = message;
  const chat = personOf(key.remoteJid);
  const id = key.id ?? "";
  const origin = {
    account: me.account,
    lane: chat ?? "nobody",
    dedupe: `${key.remoteJid}/${id}`,
    at: timeOf(message.messageTimestamp),
  };
  const ignored = (what: string): ChannelEvent => ({
    ...origin,
    dedupe: `${origin.dedupe}#${what}`,
    kind: "ignored",
    what,
  });
  if (chat === null || id === "") return ignored("not-a-person");
  if (key.fromMe) return ignored("sent-by-the-account");
  if (!message.message) return ignored("not-decrypted");
  const inside = unwrap(message.message);
  const correction = readCorrection(inside.protocolMessage, chat);
  if (correction) return { ...origin, ...correction };
  const content = readReaction(inside, chat) ?? readContent(inside);
  if (!content || inside.protocolMessage) return ignored("nothing-to-show");
  const alias = personOf(key.remoteJidAlt);
  return {
    ...origin,
    kind: "message",
    providerId: nameOfTheirs(chat, id),
    from: chat,
    alsoKnownAs: alias === null ? [] : [alias],
    phone: phoneOf(chat) ?? phoneOf(alias),
    name: message.pushName || null,
    content,
    repliesTo: repliedTo(inside, chat, me),
  };
}

type Correction =
  | Pick<Extract<ChannelEvent, { kind: "edited" }>, "kind" | "providerId" | "content">
  | Pick<Extract<ChannelEvent, { kind: "deleted" }>, "kind" | "providerId">;

/** A customer corrects only what came in the same chat: whatever the key says, the name is made with this chat. */
function readCorrection(protocol: proto.Message.IProtocolMessage | null | undefined, chat: string): Correction | null {
  const id = protocol?.key?.id;
  if (!id) return null;
  const providerId = nameOfTheirs(chat, id);
  const type: number = protocol.type ?? -1;
  if (type === REVOKE) return { kind: "deleted", providerId };
  const content = type === MESSAGE_EDIT && protocol.editedMessage && readContent(unwrap(protocol.editedMessage));
  return content ? { kind: "edited", providerId, content } : null;
}

function readReaction({ reactionMessage }: proto.IMessage, chat: string) {
  const key = reactionMessage?.key;
  if (!key?.id) return null;
  const to = key.fromMe ? key.id : nameOfTheirs(chat, key.id);
  return { kind: "reaction" as const, to, emoji: reactionMessage!.text ?? "" };
}

function repliedTo(inside: proto.IMessage, chat: string, { jids }: Me): string | null {
  const context = contextOf(inside);
  if (!context?.stanzaId) return null;
  const author = personOf(context.participant);
  return author !== null && jids.includes(author) ? context.stanzaId : nameOfTheirs(chat, context.stanzaId);
}

/** Every kind of content may carry the message it answers. */
function contextOf(inside: proto.IMessage): proto.IContextInfo | null {
  for (const part of Object.values(inside) as ({ contextInfo?: proto.IContextInfo } | null)[])
    if (part !== null && typeof part === "object" && part.contextInfo) return part.contextInfo;
  return null;
}

/** WhatsApp's marks: error, pending, server, delivered, read, played. */
const REPORTS = { 2: "sent", 3: "delivered", 4: "read", 5: "read" } as const;

/** Reads a receipt; null when it says nothing about a message of ours: the telephone sends its own as well. */
export function readReceipt({ key, update }: WAMessageUpdate, me: Me): ChannelEvent | null {
  const status = REPORTS[update.status as keyof typeof REPORTS];
  const chat = personOf(key.remoteJid);
  if (!key.fromMe || chat === null || status === undefined || idInName(key.id ?? "") === null) return null;
  return statusOf(key.id!, { status, lane: chat, at: timeOf(update.messageTimestamp), refusal: null }, me);
}

/** What became of one of our messages, under our own id. */
export function statusOf(
  name: string,
  what: Pick<Extract<ChannelEvent, { kind: "status" }>, "status" | "refusal" | "lane" | "at">,
  me: Me,
): ChannelEvent {
  return {
    ...what,
    account: me.account,
    dedupe: `${name}:${what.status}`,
    kind: "status",
    providerId: name,
    messageId: idInName(name),
  };
}

type Seconds = number | { toString(): string } | null | undefined;

const timeOf = (seconds: Seconds): Instant => instant((Number(seconds?.toString()) || 0) * 1000);
