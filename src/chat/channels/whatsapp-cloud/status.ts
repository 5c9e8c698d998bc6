import { isId } from "#kit";
import type { MessageId } from "#kit";
import type { ChannelEvent, DeliveryStatus } from "../../channel.ts";
import { refusalOf } from "./errors.ts";
import { secondsOf } from "./origin.ts";
import { statusSchema } from "./schema.ts";
import type { MetaStatus } from "./schema.ts";

/** Reads one item of `statuses`; null when it names no message or a status we have never heard of. */
export function readStatus(raw: unknown, account: string): ChannelEvent | null {
  const parsed = statusSchema.safeParse(raw);
  if (!parsed.success) return null;
  const status = parsed.data;
  const lane = status.recipient_id ?? status.recipient_user_id ?? status.id;
  const origin = {
    account,
    lane,
    dedupe: `${status.id}:${status.status}:${lane}`,
    at: secondsOf(status.timestamp),
  };
  if (status.recipient_type === "group") return { ...origin, kind: "ignored", what: "group-status" };
  return {
    ...origin,
    kind: "status",
    providerId: status.id,
    messageId: ourIdOf(status),
    status: progressOf(status),
    refusal: status.errors?.[0] && status.status === "failed" ? refusalOf(status.errors[0]) : null,
  };
}

/** A voice note that was played has been read. */
const progressOf = ({ status }: MetaStatus): DeliveryStatus => (status === "played" ? "read" : status);

/** Our own id as we sent it along; other programs may use the same number and send theirs. */
function ourIdOf({ biz_opaque_callback_data: echoed }: MetaStatus): MessageId | null {
  return echoed !== undefined && isId(echoed) ? (echoed as MessageId) : null;
}
