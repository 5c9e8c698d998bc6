import type { DeliveryStatus } from "../channel.ts";

/**
 * The life of an outbound message. Providers report late, twice and in any order, so a status only moves forward:
 *
 *     queued < sending < unclear < accepted < sent < failed < delivered < read
 *
 * `failed` wins over `sent`, because WhatsApp says `sent` before it knows; whoever has received a message has it,
 * so `delivered` wins over `failed`.
 */
export const MESSAGE_STATUSES = [
  "queued",
  "sending",
  "unclear",
  "accepted",
  "sent",
  "failed",
  "delivered",
  "read",
] as const;

export type MessageStatus = (typeof MESSAGE_STATUSES)[number];

/** The further of two statuses: the order in which they arrive does not matter. */
export const further = <S extends MessageStatus>(a: S, b: S): S =>
  MESSAGE_STATUSES.indexOf(a) < MESSAGE_STATUSES.indexOf(b) ? b : a;

/** News about one message; `key` names it, by our id or the provider's. */
export interface StatusNews<News extends { status: DeliveryStatus }> {
  key: string;
  news: News;
}

/** The furthest news of each message: a batch may tell `sent`, `delivered` and `read` of the same one. */
export function furthestNews<News extends { status: DeliveryStatus }>(all: StatusNews<News>[]): News[] {
  const best = new Map<string, News>();
  for (const { key, news } of all) {
    const known = best.get(key);
    if (!known || further<MessageStatus>(known.status, news.status) !== known.status) best.set(key, news);
  }
  return [...best.values()];
}
