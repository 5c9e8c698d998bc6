import { days, earlier, type Instant } from "#kit";
import type { Queries } from "#db";

/** `send` alarms end with the next accepted message; the provider does not say when an `account` one is over. */
export type AlarmKind = "send" | "account";

const RAISE = `
  insert into alarm (tenant, code, words, since) values ($1, $2, $3, $4)
  on conflict (tenant, code) do update set words = excluded.words, since = case when $5 then excluded.since else alarm.since end`;

/** Says that a channel is off for everybody: callers are not offered it meanwhile. */
export async function raiseAlarm(
  queries: Queries,
  alarm: { channel: string; kind: AlarmKind; code: string; words: string },
  at: Instant,
): Promise<void> {
  const code = `${alarm.channel}:${alarm.kind}:${alarm.code}`.slice(0, 200);
  await queries.query(RAISE, [queries.tenant, code, alarm.words.slice(0, 500), new Date(at), alarm.kind === "account"]);
}

/** An accepted message proves that sending works again. */
export async function endSendAlarms(queries: Queries, channel: string): Promise<void> {
  await queries.query("delete from alarm where tenant = $1 and starts_with(code, $2)", [
    queries.tenant,
    `${channel}:send:`,
  ]);
}

/** True while nobody should be offered this channel. An account alarm nobody repeated for a day is tried again. */
export async function hasAlarm(queries: Queries, channel: string, now: Instant): Promise<boolean> {
  const rows = await queries.query(
    "select 1 from alarm where tenant = $1 and (starts_with(code, $2) or (starts_with(code, $3) and since > $4)) limit 1",
    [queries.tenant, `${channel}:send:`, `${channel}:account:`, new Date(earlier(now, days(1)))],
  );
  return rows.length > 0;
}
