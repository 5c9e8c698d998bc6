import { unreachable } from "#kit";
import type { RefusalReason, SendOutcome } from "../../channel.ts";
import type { Reply } from "./client.ts";
import { messageName } from "./names.ts";
import { sentSchema } from "./schema.ts";

const SOON = 2_000;
const MINUTE = 60_000;

/** Words by which Telegram refuses for good; codes alone do not tell (docs/telegram.md lists them). */
const REFUSALS: [RegExp, RefusalReason][] = [
  [/blocked by the user/, "opted-out"],
  [/user is deactivated|can't initiate conversation|chat not found|PEER_ID_INVALID|user not found/, "not-here"],
  [/not enough rights|have no rights|CHAT_WRITE_FORBIDDEN/, "not-allowed"],
];

/**
 * Turns what came back for `sendMessage` into the outcome the chat acts on. A number in the answer proves that the message
 * lies in the customer's chat at Telegram, no more (docs/decisions/0014).
 */
export function sendOutcome(reply: Reply, to: { account: string; id: string }): SendOutcome {
  switch (reply.kind) {
    case "unsent":
      return { kind: "busy", retryAfterMs: SOON };
    case "lost":
      return { kind: "unclear", words: reply.words };
    case "foreign":
      return foreign(reply.status);
    case "refused":
      return refused(reply);
    case "done": {
      const sent = sentSchema.safeParse(reply.result);
      if (!sent.success) return { kind: "unclear", words: "an answer without a message id" };
      const providerId = messageName(to.account, Number(to.id), sent.data.message_id);
      return { kind: "accepted", providerId, proves: "sent" };
    }
    default:
      return unreachable(reply);
  }
}

function refused({ code, words, retryAfterMs }: Extract<Reply, { kind: "refused" }>): SendOutcome {
  if (code === 429 || code === 420) return { kind: "busy", retryAfterMs: retryAfterMs ?? SOON };
  if (code === 401 || code === 404) return { kind: "busy", retryAfterMs: MINUTE, alarm: `${code}: ${words}` };
  if (code >= 500) return { kind: "unclear", words: `${code}: ${words}` };
  const known = REFUSALS.find(([pattern]) => pattern.test(words))?.[1];
  const because = known ?? (code === 403 ? "not-allowed" : "invalid");
  const outcome = { kind: "refused", because, code: String(code), words } as const;
  return because === "opted-out" ? { ...outcome, blocked: true } : outcome;
}

/** Something that is not Telegram has answered. Beyond 500 it may have passed the request on. */
function foreign(status: number): SendOutcome {
  const words = `HTTP ${status} that is not Telegram's`;
  return status >= 500 ? { kind: "unclear", words } : { kind: "busy", retryAfterMs: MINUTE, alarm: words };
}
