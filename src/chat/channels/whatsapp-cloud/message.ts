import type { ChannelEvent } from "../../channel.ts";
import { phoneOf } from "./address.ts";
import { readContent } from "./content.ts";
import { secondsOf } from "./origin.ts";
import type { Origin } from "./origin.ts";
import { messageSchema } from "./schema.ts";
import type { MessagesValue, MetaMessage } from "./schema.ts";

/** Reads one item of `messages`; null when it lacks what every message has. A number change may be two events. */
export function readMessage(raw: unknown, value: MessagesValue): ChannelEvent[] | null {
  const parsed = messageSchema.safeParse(raw);
  if (!parsed.success) return null;
  const message = parsed.data;
  const person = personOf(message, value);
  if (!person) return null;
  const origin: Origin = {
    account: value.metadata.phone_number_id,
    lane: person.from,
    dedupe: message.id,
    at: secondsOf(message.timestamp),
  };
  if (message.group_id !== undefined) return [{ ...origin, kind: "ignored", what: "group-message" }];
  return eventsOf(message, person, origin);
}

function eventsOf(message: MetaMessage, person: Person, origin: Origin): ChannelEvent[] {
  switch (message.type) {
    case "system":
      return readSystem(message, origin);
    case "edit":
      return [readEdit(message, origin)];
    case "revoke":
      return [readRevoke(message, origin)];
    case "request_welcome":
      return [{ ...origin, kind: "ignored", what: message.type }];
    default: {
      const repliesTo = message.context?.id ?? null;
      const content = readContent(message);
      return [{ ...origin, kind: "message", providerId: message.id, ...person, content, repliesTo }];
    }
  }
}

type Person = Pick<Extract<ChannelEvent, { kind: "message" }>, "from" | "alsoKnownAs" | "phone" | "name">;

/** Who wrote. The phone may be hidden: then the business-scoped user id is the address. */
function personOf(message: MetaMessage, value: MessagesValue): Person | null {
  const card = cardOf(message, value);
  const names = [
    message.from,
    message.from_user_id,
    card?.wa_id,
    card?.user_id,
    message.from_parent_user_id,
    card?.parent_user_id,
  ];
  const [from, ...alsoKnownAs] = new Set(names.filter((name): name is string => name !== undefined && name !== ""));
  if (from === undefined) return null;
  return {
    from,
    alsoKnownAs,
    phone: phoneOf(message.from ?? card?.wa_id),
    name: card?.profile?.name || null,
  };
}

/** The contact card of the sender. A batch may carry cards of several people, so a guess would mix them up. */
function cardOf(message: MetaMessage, value: MessagesValue) {
  const cards = value.contacts ?? [];
  if (message.from === undefined && message.from_user_id === undefined)
    return cards.length === 1 ? cards[0] : undefined;
  return cards.find(
    (card) =>
      (card.wa_id !== undefined && card.wa_id === message.from) ||
      (card.user_id !== undefined && card.user_id === message.from_user_id),
  );
}

/** A new number brings a new user id, so one message can rename the person twice. */
function readSystem(message: MetaMessage, origin: Origin): ChannelEvent[] {
  const system = message.system;
  const renamed: ChannelEvent[] = [];
  const rename = (from: string | undefined, to: string | undefined, dedupe: string) => {
    if (from === undefined || to === undefined || from === to) return;
    renamed.push({ ...origin, dedupe, kind: "address-changed", from, to, phone: phoneOf(to) });
  };
  rename(message.from, system?.wa_id ?? system?.new_wa_id, message.id);
  rename(system?.previous_user_id ?? message.from_user_id, system?.user_id, `${message.id}:user-id`);
  if (renamed.length > 0) return renamed;
  return [{ ...origin, kind: "ignored", what: `system ${system?.type ?? "unknown"}` }];
}

function readEdit(message: MetaMessage, origin: Origin): ChannelEvent {
  if (!message.edit) return { ...origin, kind: "ignored", what: "edit" };
  const content = readContent(message.edit.message);
  return { ...origin, kind: "edited", providerId: message.edit.original_message_id, content };
}

function readRevoke(message: MetaMessage, origin: Origin): ChannelEvent {
  if (!message.revoke) return { ...origin, kind: "ignored", what: "revoke" };
  return { ...origin, kind: "deleted", providerId: message.revoke.original_message_id };
}
