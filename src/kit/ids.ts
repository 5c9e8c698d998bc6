import { randomFillSync } from "node:crypto";
import type { Instant } from "./clock.ts";

type Id<Name extends string> = string & { readonly __id: Name };
export type CallId = Id<"call">;
export type ConnectionId = Id<"connection">;
export type ContactId = Id<"contact">;
export type ConversationId = Id<"conversation">;
export type MessageId = Id<"message">;
export type OperatorId = Id<"operator">;
export type QueueId = Id<"queue">;

const random = new Uint8Array(4096);
let used = random.length;
let last = 0;
let counter = 0;

/**
 * A UUID version 7 (RFC 9562 §5.7): 48 bits of Unix milliseconds, a 12-bit counter that starts at random in each
 * millisecond (§6.2, method 1), then 62 random bits. Ids made later by one process sort later.
 */
export function newId<T extends Id<string>>(now: number = Date.now()): T {
  if (used + 10 > random.length) {
    randomFillSync(random);
    used = 0;
  }
  const tail = Buffer.from(random.buffer, random.byteOffset + used, 10);
  used += 10;
  const ms = Math.trunc(now);
  counter = ms === last ? counter + 1 : ((tail[0]! << 8) | tail[1]!) & 0x7ff;
  last = ms;
  tail[0] = ((counter >> 8) & 0x0f) | 0x70;
  tail[1] = counter & 0xff;
  tail[2] = (tail[2]! & 0x3f) | 0x80;
  const hex = ms.toString(16).padStart(12, "0") + tail.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}` as T;
}

/** The moment an id was made, as its maker's clock told it. */
export const timeOfId = (id: string): Instant => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16) as Instant;

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/** True for a lower-case UUID of any version. */
export const isId = (text: string): boolean => UUID.test(text);
