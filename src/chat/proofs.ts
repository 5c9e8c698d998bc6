import type { CallId, ContactId, ConversationId, Instant, Locale } from "#kit";
import type { Tx } from "#db";
import type { Channel, Choice, InboundContent } from "./channel.ts";
import { readPayload } from "./core/payload.ts";
import type { Arrived } from "./inbound.ts";
import { openLinks, type OpenedLink } from "./link-store.ts";
import { findReferred, type Referred } from "./people-store.ts";

type Message = Arrived<"message">;

/** Who wrote and from which call they come, by what they sent and not by the name it came under. */
export interface Proof {
  contactId: ContactId;
  locale: Locale;
  callId: CallId | null;
  /** The conversation of our message that was answered; null after a link. */
  conversationId: ConversationId | null;
  /** Null leaves the conversation where it is. */
  queue: string | null;
  /** What could be tapped under the message of ours that was answered. */
  choices: Choice[] | null;
}

/** What the messages of a batch prove. */
export interface Proofs {
  of(message: Message): Proof | null;
  /** Opened by a link that was used before, is too old or not ours. */
  refused: Message[];
}

/** A message proves what it says by answering one of ours, by the token in a tapped button or in an opened link. */
export async function findProofs(tx: Tx, messages: Message[], now: Instant): Promise<Proofs> {
  const opened = messages.flatMap((message) => {
    const token = linkToken(message);
    return token === null ? [] : [{ token, by: byOf(message) }];
  });
  const links = await openLinks(tx, opened, now);
  const referred = await findAllReferred(tx, messages);
  const of = (message: Message) => linked(message, links) ?? answered(message, referred);
  return { of, refused: messages.filter((message) => linkToken(message) !== null && of(message) === null) };
}

const linkToken = ({ event: { content } }: Message): string | null => (content.kind === "start" ? content.token : null);
const byOf = ({ row, event }: Message): string => `${row.channel} ${event.from}`;

function linked(message: Message, links: OpenedLink[]): Proof | null {
  const link = links.find(({ token, by }) => token === linkToken(message) && by === byOf(message));
  if (!link) return null;
  const { contactId, locale, callId, queue } = link;
  return { contactId, conversationId: null, locale, callId, queue, choices: null };
}

function answered(message: Message, all: Referred[]): Proof | null {
  const token = tokenOf(message);
  const { repliesTo } = message.event;
  const byToken = token === null ? undefined : all.find((one) => one.token === token);
  const found = byToken ?? (repliesTo === null ? undefined : all.find((one) => one.providerId === repliesTo));
  if (!found || !isJoined(message, found)) return null;
  const { contactId, conversationId, locale, callId, choices } = found;
  return { contactId, conversationId, locale, callId, queue: null, choices };
}

/** The token of an invite, tapped or brought along by the link in it. */
const tokenOf = (message: Message): string | null => {
  const { content } = message.event;
  return content.kind === "choice" ? readPayload(content.id).token : linkToken(message);
};

/**
 * A link that was sent to a person on one channel joins whoever opens it first on another; the link in somebody else's
 * hands afterwards does not make a stranger of that person.
 */
const isJoined = ({ event, row }: Message, { channel, addressHere }: Referred): boolean =>
  channel === row.channel || (addressHere ?? event.from) === event.from;

async function findAllReferred(tx: Tx, messages: Message[]): Promise<Referred[]> {
  const found: Referred[] = [];
  for (const channel of new Set(messages.map(({ row }) => row.channel))) {
    const mine = messages.filter(({ row }) => row.channel === channel);
    const providerIds = mine.map(({ event }) => event.repliesTo).filter((id) => id !== null);
    const tokens = mine.map(tokenOf).filter((token) => token !== null);
    if (providerIds.length + tokens.length > 0) found.push(...(await findReferred(tx, channel, providerIds, tokens)));
  }
  return found;
}

/** What was tapped, in full, where buttons carry keys instead of ids. */
export function wholeChoice(
  content: InboundContent,
  proof: Proof | null,
  channel: Pick<Channel, "keyOf"> | undefined,
): InboundContent {
  if (content.kind !== "choice" || !channel?.keyOf) return content;
  const tapped = proof?.choices?.find(({ id }) => channel.keyOf!(id) === content.id);
  return tapped ? { kind: "choice", id: tapped.id, text: tapped.title } : content;
}
