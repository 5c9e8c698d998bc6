import { unreachable } from "#kit";
import { z } from "zod";
import type { SendOutcome } from "../../channel.ts";
import type { Reply } from "./client.ts";
import { outcomeOf } from "./errors.ts";
import { metaErrorSchema } from "./schema.ts";
import type { MetaError } from "./schema.ts";

const accepted = z.object({
  messages: z.array(z.object({ id: z.string().min(1) })).min(1),
  contacts: z.array(z.object({ wa_id: z.string().optional(), user_id: z.string().optional() })).optional(),
});
const failed = z.object({ error: metaErrorSchema });

const RETRY_AFTER_MS = 2_000;
const MISCONFIGURED_RETRY_MS = 60_000;

/** Statuses which, without an error of Meta's, mean a wrong address or a proxy in between. */
const isNotMeta = (status: number) => status < 400 || [401, 403, 404, 407].includes(status);

/** Turns what came back for a send into the outcome the chat acts on. */
export function sendOutcome(reply: Reply): SendOutcome {
  switch (reply.kind) {
    case "unsent":
      return { kind: "busy", retryAfterMs: RETRY_AFTER_MS };
    case "lost":
      return { kind: "unclear", words: reply.words };
    case "answered":
      return answered(reply);
    default:
      return unreachable(reply);
  }
}

function answered(reply: Extract<Reply, { kind: "answered" }>): SendOutcome {
  if (reply.status >= 200 && reply.status < 300) return acceptedFrom(reply);
  const error = errorIn(reply.body);
  if (error) return outcomeOf(error, reply.status, reply.retryAfterMs);
  const words = `HTTP ${reply.status}`;
  if (reply.status === 429) return { kind: "busy", retryAfterMs: reply.retryAfterMs ?? RETRY_AFTER_MS };
  if (isNotMeta(reply.status)) {
    return {
      kind: "busy",
      retryAfterMs: MISCONFIGURED_RETRY_MS,
      alarm: `${words} without an error of Meta's`,
    };
  }
  if (reply.status < 500) return { kind: "refused", because: "invalid", code: String(reply.status), words };
  return { kind: "unclear", words };
}

function acceptedFrom(reply: Extract<Reply, { kind: "answered" }>): SendOutcome {
  const body = accepted.safeParse(reply.body);
  if (!body.success) return { kind: "unclear", words: `HTTP ${reply.status} without a message id` };
  const contact = body.data.contacts?.[0];
  const address = contact?.wa_id ?? contact?.user_id;
  const providerId = body.data.messages[0]!.id;
  return address === undefined ? { kind: "accepted", providerId } : { kind: "accepted", providerId, address };
}

/** Meta's error in an answer, or null. */
export function errorIn(body: unknown): MetaError | null {
  return failed.safeParse(body).data?.error ?? null;
}
