import type { ChannelEvent } from "../../channel.ts";
import type { Origin } from "./origin.ts";
import { accountValue, templateValue } from "./schema.ts";

/** Account events after which messages no longer leave, or soon will not. */
const TROUBLE = new Set([
  "ACCOUNT_DELETED",
  "ACCOUNT_OFFBOARDED",
  "ACCOUNT_RESTRICTION",
  "ACCOUNT_VIOLATION",
  "DISABLED_UPDATE",
]);

/** Reads news about templates and about the account itself. */
export function readAccountChange(field: string, value: Record<string, unknown>, origin: Origin): ChannelEvent {
  switch (field) {
    case "message_template_status_update":
    case "message_template_quality_update":
    case "template_category_update":
      return readTemplate(field, value, origin);
    case "account_update":
    case "account_review_update":
      return readAccount(field, value, origin);
    default:
      return { ...origin, kind: "ignored", what: field };
  }
}

/**
 * `status` is Meta's word (`APPROVED`, `REJECTED`, `PAUSED`, …); a change that leaves the status alone
 * says so: `QUALITY_YELLOW`, `CATEGORY_CHANGED`.
 */
function readTemplate(field: string, raw: Record<string, unknown>, origin: Origin): ChannelEvent {
  const parsed = templateValue.safeParse(raw);
  if (!parsed.success) return { ...origin, kind: "ignored", what: field };
  const value = parsed.data;
  const unchanged = field === "template_category_update" ? "CATEGORY_CHANGED" : `QUALITY_${value.new_quality_score}`;
  const reason = value.rejection_info?.reason ?? value.reason;
  return {
    ...origin,
    kind: "template-changed",
    name: value.message_template_name,
    language: value.message_template_language,
    status: value.event ?? unchanged,
    category: value.new_category ?? value.message_template_category ?? null,
    reason: reason === undefined || reason === "NONE" ? null : reason,
  };
}

function readAccount(field: string, raw: Record<string, unknown>, origin: Origin): ChannelEvent {
  const value = accountValue.safeParse(raw).data ?? {};
  const event = value.event ?? (value.decision === "REJECTED" ? "ACCOUNT_REJECTED" : field);
  const isTrouble = TROUBLE.has(event) || event === "ACCOUNT_REJECTED";
  const isOver = value.ban_info?.waba_ban_state === "REINSTATE";
  if (!isTrouble || isOver) return { ...origin, kind: "ignored", what: event };
  const details = [
    value.ban_info?.waba_ban_state,
    value.violation_info?.violation_type,
    ...(value.restriction_info ?? []).map((restriction) => restriction.restriction_type),
  ].filter((detail) => detail !== undefined);
  return { ...origin, kind: "account-trouble", code: event, words: details.join(", ") || event };
}
