import { instant, readStorable } from "#kit";
import type { Instant, Json } from "#kit";
import type { ChannelEvent } from "../../channel.ts";
import { readAccountChange } from "./account.ts";
import { phoneOf } from "./address.ts";
import { affectsAccount, wordsOf } from "./errors.ts";
import { readMessage } from "./message.ts";
import { hashOf, ignored, secondsOf } from "./origin.ts";
import type { Ours } from "./origin.ts";
import { changeSchema, entrySchema, envelope, messagesValue, metaErrorSchema, userIdValue } from "./schema.ts";
import type { Entry } from "./schema.ts";
import { readStatus } from "./status.ts";

/**
 * Reads a webhook body that has been proved genuine. Pure. Null when it is not Meta's JSON at all;
 * an item that does not fit comes back as `ignored` and never spoils its neighbours.
 */
export function readWebhook(rawBody: Buffer, ours: Ours): ChannelEvent[] | null {
  const body = envelope.safeParse(parseJson(rawBody));
  if (!body.success) return null;
  return body.data.entry.flatMap((raw) => {
    const entry = entrySchema.safeParse(raw);
    if (!entry.success) return [ignored("entry", raw, ours.phoneNumberId, instant(0))];
    return entry.data.changes.flatMap((change) => readChange(change, entry.data, ours));
  });
}

function parseJson(rawBody: Buffer): Json {
  try {
    return readStorable(rawBody.toString("utf8"));
  } catch {
    return null;
  }
}

function readChange(raw: unknown, entry: Entry, ours: Ours): ChannelEvent[] {
  const account = ours.phoneNumberId;
  const at = secondsOf(entry.time);
  const change = changeSchema.safeParse(raw);
  if (!change.success) return [ignored("change", raw, account, at)];
  const { field, value } = change.data;
  if (field === "messages") return readMessages(value, entry, account);
  if (field === "user_id_update") return readUserIds(value, account, at);
  if (isForeign(entry, ours)) return [ignored("another-account", raw, account, at)];
  return [readAccountChange(field, value, originOf(raw, entry, account))];
}

/** An account id left empty in the settings accepts every account that signs with our secret. */
const isForeign = (entry: Entry, ours: Ours) => ours.businessAccountId !== "" && entry.id !== ours.businessAccountId;

const originOf = (raw: unknown, entry: Entry, account: string) => ({
  account,
  lane: entry.id,
  dedupe: hashOf([entry.time ?? 0, raw]),
  at: secondsOf(entry.time),
});

function readMessages(raw: Record<string, unknown>, entry: Entry, account: string): ChannelEvent[] {
  const at = secondsOf(entry.time);
  const parsed = messagesValue.safeParse(raw);
  if (!parsed.success) return [ignored("messages", raw, account, at)];
  const value = parsed.data;
  if (value.metadata.phone_number_id !== account) return [ignored("another-number", raw, account, at)];
  return [
    ...(value.messages ?? []).flatMap((item) => readMessage(item, value) ?? [ignored("message", item, account, at)]),
    ...(value.statuses ?? []).map((item) => readStatus(item, account) ?? ignored("status", item, account, at)),
    ...(value.messages ? [] : (value.errors ?? []).map((item) => readError(item, entry, account))),
  ];
}

/** Errors beside messages explain those messages; errors alone speak about the number or the account. */
function readError(raw: unknown, entry: Entry, account: string): ChannelEvent {
  const error = metaErrorSchema.safeParse(raw);
  if (!error.success) return ignored("error", raw, account, secondsOf(entry.time));
  const origin = originOf(raw, entry, account);
  const code = String(error.data.code);
  if (!affectsAccount(error.data)) return { ...origin, kind: "ignored", what: `error ${code}` };
  return { ...origin, kind: "account-trouble", code, words: wordsOf(error.data) };
}

function readUserIds(raw: Record<string, unknown>, account: string, at: Instant): ChannelEvent[] {
  const parsed = userIdValue.safeParse(raw);
  if (!parsed.success) return [ignored("user_id_update", raw, account, at)];
  return parsed.data.user_id_update.map(({ user_id: { previous, current }, timestamp }) => ({
    account,
    lane: previous,
    dedupe: `${previous}>${current}`,
    at: timestamp === undefined ? at : secondsOf(timestamp),
    kind: "address-changed",
    from: previous,
    to: current,
    phone: phoneOf(current),
  }));
}
