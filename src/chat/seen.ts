import type { ConversationId, MessageId } from "#kit";
import type { Tx } from "#db";
import type { Channel } from "./channel.ts";
import type { Arrived } from "./inbound.ts";
import type { StatusReport } from "./status-store.ts";
import type { Thread } from "./thread.ts";

/** What was sent lately in these conversations and is not known to be read. */
const UNPROVEN = `
  select newest.id, newest.conversation_id as "conversationId", newest.provider_id as "providerId", newest.status
  from unnest($2::uuid[]) as talk (id)
  cross join lateral (
    select id, conversation_id, provider_id, status from message
    where tenant = $1 and conversation_id = talk.id order by id desc limit 50
  ) newest
  where newest.status in ('sent', 'delivered') and newest.provider_id is not null`;

interface Unproven {
  id: MessageId;
  conversationId: ConversationId;
  providerId: string;
  status: "sent" | "delivered";
}

/**
 * What customers' own acts prove about our messages, where no receipts come: whoever writes or taps has what was sent
 * before on the screen, and has read what they tapped or answered.
 */
export async function provenBy(
  tx: Tx,
  channel: Channel,
  acts: Arrived<"message">[],
  threads: Iterable<Thread>,
): Promise<StatusReport[]> {
  const talks = [...threads].filter((thread) => thread.channel === channel.name).map(({ id }) => id);
  if (!channel.hasSeen || acts.length === 0 || talks.length === 0) return [];
  const unproven = await tx.query<Unproven>(UNPROVEN, [tx.tenant, talks]);
  return unproven.flatMap((message) => {
    const act = acts.findLast(({ event }) => channel.hasSeen!(event.providerId, message.providerId));
    if (!act) return [];
    const isAnswered = acts.some(({ event }) => event.repliesTo === message.providerId);
    if (!isAnswered && message.status === "delivered") return [];
    const { id: messageId, providerId } = message;
    const status = isAnswered ? "read" : "delivered";
    return [{ channel: channel.name, messageId, providerId, status, refusal: null, at: act.at }];
  });
}
