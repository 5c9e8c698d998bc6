import { days, earlier, minutes, type Instant, type Millis } from "#kit";
import type { Queries } from "#db";

/** `send` alarms end with the next accepted message; the provider does not say when an `account` one is over. */
export type AlarmKind = "send" | "account";

/**
 * An alarm nobody repeats for so long is tried again. Without offers there may be no message left that could end a `send`
 * alarm: the one that raised it may be refused for its own sake. Longer than any pause between two tries of a send.
 */
const TRUSTED: Record<AlarmKind, Millis> = { send: minutes(30), account: days(1) };

const RAISE = `
  insert into alarm (tenant, code, words, since) values ($1, $2, $3, $4)
  on conflict (tenant, code) do update set words = excluded.words, since = excluded.since`;

/** Says that a channel is off for everybody: callers are not offered it meanwhile. */
export async function raiseAlarm(
  queries: Queries,
  alarm: { channel: string; kind: AlarmKind; code: string; words: string },
  at: Instant,
): Promise<void> {
  const code = `${alarm.channel}:${alarm.kind}:${alarm.code}`.slice(0, 200);
  await queries.query(RAISE, [queries.tenant, code, alarm.words.slice(0, 500), new Date(at)]);
}

/** An accepted message proves that sending works again. */
export async function endSendAlarms(queries: Queries, channel: string): Promise<void> {
  await queries.query("delete from alarm where tenant = $1 and starts_with(code, $2)", [
    queries.tenant,
    `${channel}:send:`,
  ]);
}

/** True while nobody should be offered this channel. */
export async function hasAlarm(queries: Queries, channel: string, now: Instant): Promise<boolean> {
  const trusted = (kind: AlarmKind) => [`${channel}:${kind}:`, new Date(earlier(now, TRUSTED[kind]))];
  const rows = await queries.query(
    `select 1 from alarm
     where tenant = $1 and ((starts_with(code, $2) and since > $3) or (starts_with(code, $4) and since > $5)) limit 1`,
    [queries.tenant, ...trusted("send"), ...trusted("account")],
  );
  return rows.length > 0;
}
