import { instant, storableJson } from "#kit";
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
 * Reads a webhook body that has been proved genuine: `ours` are the numbers whose secret signed it, at least one. Pure.
 * Null when it is not Meta's JSON at all; an item that does not fit comes back as `ignored` and never spoils its neighbours.
 */
export function readWebhook(rawBody: Buffer, ours: Ours[]): ChannelEvent[] | null {
  const body = envelope.safeParse(parseJson(rawBody));
  if (!body.success) return null;
  return body.data.entry.flatMap((raw) => {
    const entry = entrySchema.safeParse(raw);
    if (!entry.success) return [ignored("entry", raw, nameOf(ours), instant(0))];
    return entry.data.changes.flatMap((change) => readChange(change, entry.data, ours));
  });
}

/** Under whose name things are kept that belong to no number. */
const nameOf = (ours: Ours[]): string => ours[0]?.phoneNumberId ?? "";

function parseJson(rawBody: Buffer): Json {
  try {
    return storableJson(JSON.parse(rawBody.toString("utf8")) as Json);
  } catch {
    return null;
  }
}

function readChange(raw: unknown, entry: Entry, ours: Ours[]): ChannelEvent[] {
  const at = secondsOf(entry.time);
  const change = changeSchema.safeParse(raw);
  if (!change.success) return [ignored("change", raw, nameOf(ours), at)];
  const { field, value } = change.data;
  if (field === "messages") return readMessages(value, entry, ours);
  const numbers = ours.filter((one) => isOf(entry, one)).map(({ phoneNumberId }) => phoneNumberId);
  if (field === "user_id_update") return readUserIds(value, numbers[0] ?? nameOf(ours), at);
  if (numbers.length === 0) return [ignored("another-account", raw, nameOf(ours), at)];
  return numbers.map((account) => readAccountChange(field, value, originOf(raw, entry, account)));
}

const isOf = (entry: Entry, { businessAccountId }: Ours) => businessAccountId === "" || businessAccountId === entry.id;

const originOf = (raw: unknown, entry: Entry, account: string) => ({
  account,
  lane: entry.id,
  dedupe: hashOf([entry.time ?? 0, raw]),
  at: secondsOf(entry.time),
});

function readMessages(raw: Record<string, unknown>, entry: Entry, ours: Ours[]): ChannelEvent[] {
  const at = secondsOf(entry.time);
  const parsed = messagesValue.safeParse(raw);
  if (!parsed.success) return [ignored("messages", raw, nameOf(ours), at)];
  const value = parsed.data;
  const account = value.metadata.phone_number_id;
  if (!ours.some(({ phoneNumberId }) => phoneNumberId === account))
    return [ignored("another-number", raw, nameOf(ours), at)];
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
