import { createHash } from "node:crypto";
import { instant } from "#kit";
import type { Instant } from "#kit";
import type { ChannelEvent } from "../../channel.ts";

/** A number of ours and the business account it belongs to; everybody else's news is counted and left alone. */
export interface Ours {
  phoneNumberId: string;
  /** Empty accepts every account that signs with the secret of the number. */
  businessAccountId: string;
}

/** What every event says about itself beside its kind. */
export type Origin = Pick<ChannelEvent, "account" | "lane" | "dedupe" | "at">;

/** Recognises a repeat of something that came without an id: Meta repeats the same bytes. */
export const hashOf = (raw: unknown): string =>
  createHash("sha256").update(JSON.stringify(raw)).digest("base64url").slice(0, 22);

/** Meta's Unix seconds, as text or number; 0 when it did not say, which means "take the time of arrival". */
export function secondsOf(timestamp: string | number | undefined): Instant {
  const seconds = Number(timestamp);
  return instant(Number.isFinite(seconds) && seconds > 0 && seconds < 1e11 ? Math.floor(seconds) * 1000 : 0);
}

/** Something that is of no use to us, or has another shape than we know. */
export const ignored = (what: string, raw: unknown, account: string, at: Instant): ChannelEvent => ({
  account,
  lane: account,
  dedupe: hashOf(raw),
  at,
  kind: "ignored",
  what,
});
