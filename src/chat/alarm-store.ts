import { days, earlier, minutes, type Instant, type Millis } from "#kit";
import { recordEvents, type Queries } from "#db";

/** `send` alarms end with the next accepted message; the provider does not say when an `account` one is over. */
export type AlarmKind = "send" | "account";

/**
 * An alarm nobody repeats for so long is tried again. Without offers there may be no message left that could end a `send`
 * alarm: the one that raised it may be refused for its own sake. Longer than any pause between two tries of a send.
 */
const TRUSTED: Record<AlarmKind, Millis> = { send: minutes(30), account: days(1) };

const RAISE = `
  insert into alarm (tenant, code, words, since) values ($1, $2, $3, $4)
  on conflict (tenant, code) do update set words = excluded.words, since = excluded.since
  returning xmax = 0 as "isNew"`;

/** Something is off that people should know about. Raised again it only gets younger. */
export async function raise(queries: Queries, alarm: { code: string; words: string }, at: Instant): Promise<void> {
  const code = alarm.code.slice(0, 200);
  const words = alarm.words.slice(0, 500);
  const [row] = await queries.query<{ isNew: boolean }>(RAISE, [queries.tenant, code, words, new Date(at)]);
  if (row?.isNew) await recordEvents(queries, [{ at, kind: "alarm.raised", data: { about: aboutOf(code) } }]);
}

/** It is over for every alarm whose code begins like this. */
export async function endAll(queries: Queries, beginning: string, at: Instant): Promise<void> {
  const ended = await queries.query<{ code: string }>(
    "delete from alarm where tenant = $1 and starts_with(code, $2) returning code",
    [queries.tenant, beginning],
  );
  await recordEvents(
    queries,
    ended.map(({ code }) => ({ at, kind: "alarm.ended", data: { about: aboutOf(code) } })),
  );
}

/** The channel or part of it, without the account behind it: that may be somebody's number. */
const aboutOf = (code: string) => code.split(":").slice(0, 2).join(":");

/** Something that is off now. */
export interface Alarm {
  code: string;
  words: string;
  since: Instant;
}

/** Everything that is off now, the newest first. */
export const listAlarms = (queries: Queries): Promise<Alarm[]> =>
  queries.query<Alarm>("select code, words, since from alarm where tenant = $1 order by since desc, code", [
    queries.tenant,
  ]);

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
  await raise(queries, { code: `${beginning(alarm, alarm.kind)}${alarm.code}`, words: alarm.words }, at);
}

/** An accepted message proves that sending works again. */
export const endSendAlarms = (queries: Queries, sender: Sender, at: Instant): Promise<void> =>
  endAll(queries, beginning(sender, "send"), at);

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
