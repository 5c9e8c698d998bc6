import { unreachable } from "#kit";
import type { RefusalReason, SendOutcome } from "../../channel.ts";
import type { CarrierTrouble } from "./carrier.ts";

type Refusal = { because: RefusalReason; code: string; words: string };

/** Codes that say something about this one number or message (docs/sms.md). */
const REFUSALS: Record<number, RefusalReason> = {
  21211: "not-here",
  21214: "not-here",
  21217: "not-here",
  21408: "not-allowed",
  21602: "invalid",
  21604: "invalid",
  21610: "opted-out",
  21612: "not-here",
  21614: "not-here",
  21617: "invalid",
  21635: "not-here",
  30003: "not-now",
  30004: "opted-out",
  30005: "not-here",
  30006: "not-here",
  30007: "not-allowed",
  30008: "not-now",
};

/** Codes that concern our number or account: nobody should be offered an SMS until somebody looks. */
const ALARMS = new Set([20003, 21212, 21603, 21606, 21611, 30001, 30002, 30034]);

const RETRY_MS = 2_000;
const ALARM_RETRY_MS = 60_000;

/** Why a message was refused, by Twilio's error code. */
export const refusalOf = (code: number, words: string): Refusal => ({
  because: REFUSALS[code] ?? "invalid",
  code: String(code),
  words,
});

/** Turns what Twilio answered to a send into the outcome the chat acts on. */
export function outcomeOf(reply: { kind: "taken"; sid: string } | CarrierTrouble): SendOutcome {
  switch (reply.kind) {
    case "taken":
      return { kind: "accepted", providerId: reply.sid };
    case "not-connected":
      return { kind: "busy", retryAfterMs: RETRY_MS };
    case "unclear":
      return { kind: "unclear", words: reply.code };
    case "answered":
      return answered(reply);
    default:
      return unreachable(reply);
  }
}

function answered({ status, code, words }: Extract<CarrierTrouble, { kind: "answered" }>): SendOutcome {
  if (status === 429) return { kind: "busy", retryAfterMs: RETRY_MS };
  if (status >= 500) return { kind: "unclear", words: `HTTP ${status}` };
  if (status === 401 || status === 403 || (code !== null && ALARMS.has(code)))
    return { kind: "busy", retryAfterMs: ALARM_RETRY_MS, alarm: `${code ?? status}: ${words}` };
  return { kind: "refused", ...refusalOf(code ?? status, words) };
}
