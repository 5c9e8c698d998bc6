import { isId, type MessageId } from "#kit";

/**
 * What a message is called at WhatsApp. Ours carry our own id, so that every report finds its message although the answer
 * to the send got lost. Customers choose the ids of theirs, so theirs are held apart by the chat they came in.
 */
export const nameOfOurs = (id: MessageId): string => id.replaceAll("-", "").toUpperCase();

const OURS = /^([0-9A-F]{8})([0-9A-F]{4})([0-9A-F]{4})([0-9A-F]{4})([0-9A-F]{12})$/;

/** Our own id in a name of ours; null for messages sent from the telephone. */
export function idInName(name: string): MessageId | null {
  const id = name.replace(OURS, "$1-$2-$3-$4-$5").toLowerCase();
  return isId(id) ? (id as MessageId) : null;
}

export const nameOfTheirs = (chat: string, id: string): string => `${chat}/${id}`;

/** The chat and WhatsApp's own id of a customer's message. */
export function readName(name: string): { chat: string; message: string } | null {
  const [chat, message] = name.split("/");
  return chat && message ? { chat, message } : null;
}
