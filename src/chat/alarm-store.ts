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

/** One of our own ends at a messenger. */
interface Sender {
  channel: string;
  account: string;
}

/** The kind stands before the account: the previous release reads every alarm as one of the whole channel. */
const beginning = ({ channel, account }: Sender, kind: AlarmKind) => `${channel}:${kind}:${account}:`;

/** Says that an account cannot send: callers are not offered it meanwhile. */
export async function raiseAlarm(
  queries: Queries,
  alarm: Sender & { kind: AlarmKind; code: string; words: string },
  at: Instant,
): Promise<void> {
  const code = `${beginning(alarm, alarm.kind)}${alarm.code}`.slice(0, 200);
  await queries.query(RAISE, [queries.tenant, code, alarm.words.slice(0, 500), new Date(at)]);
}

/** An accepted message proves that sending works again. */
export async function endSendAlarms(queries: Queries, sender: Sender): Promise<void> {
  await queries.query("delete from alarm where tenant = $1 and starts_with(code, $2)", [
    queries.tenant,
    beginning(sender, "send"),
  ]);
}

/** True while nobody should be offered this account. */
export async function hasAlarm(queries: Queries, sender: Sender, now: Instant): Promise<boolean> {
  const trusted = (kind: AlarmKind) => [beginning(sender, kind), new Date(earlier(now, TRUSTED[kind]))];
  const rows = await queries.query(
    `select 1 from alarm
     where tenant = $1 and ((starts_with(code, $2) and since > $3) or (starts_with(code, $4) and since > $5)) limit 1`,
    [queries.tenant, ...trusted("send"), ...trusted("account")],
  );
  return rows.length > 0;
}
