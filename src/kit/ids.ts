import { randomFillSync } from "node:crypto";

type Id<Name extends string> = string & { readonly __id: Name };
export type CallId = Id<"call">;
export type ContactId = Id<"contact">;
export type ConversationId = Id<"conversation">;
export type MessageId = Id<"message">;
export type OperatorId = Id<"operator">;
export type QueueId = Id<"queue">;

const random = new Uint8Array(4096);
let used = random.length;

/**
 * A UUID version 7 (RFC 9562 §5.7): 48 bits of Unix milliseconds, then 74 random bits.
 * Ids made later sort later, which keeps index pages warm and lists in order.
 */
export function newId<T extends Id<string>>(now: number = Date.now()): T {
  if (used + 10 > random.length) {
    randomFillSync(random);
    used = 0;
  }
  const tail = Buffer.from(random.buffer, random.byteOffset + used, 10);
  used += 10;
  tail[0] = (tail[0]! & 0x0f) | 0x70;
  tail[2] = (tail[2]! & 0x3f) | 0x80;
  const hex = Math.trunc(now).toString(16).padStart(12, "0") + tail.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}` as T;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** True for a lower-case UUID of any version. */
export const isId = (text: string): boolean => UUID.test(text);
