import type { CallId, Instant, MessageId } from "#kit";
import type { Tx } from "#db";
import type { DeliveryStatus, RefusalReason } from "./channel.ts";
import { MESSAGE_STATUSES, furthestNews, type MessageStatus } from "./core/delivery.ts";

/** What a provider says became of a message. */
export interface StatusReport {
  channel: string;
  /** Ours, echoed. */
  messageId: MessageId | null;
  providerId: string;
  status: DeliveryStatus;
  refusal: { because: RefusalReason; code: string; words: string } | null;
  at: Instant;
}

/** A report that has found its message. */
export interface AppliedReport {
  report: StatusReport;
  messageId: MessageId;
  /** Null for anything but an invite. */
  inviteOf: CallId | null;
  /** False when something further was known already. */
  changed: boolean;
}

/** SQL for the place of a status in the lattice. */
export const rankOf = (column: string): string =>
  `array_position(array[${MESSAGE_STATUSES.map((name) => `'${name}'`).join(", ")}], ${column})`;

/**
 * Rows are locked in the order of their ids, as everywhere: reports and send outcomes meet on the same messages.
 * Each report looks for its message by key: joined as a whole, PostgreSQL reads all messages for a handful of reports.
 */
const APPLY = `
  with told as (
    select * from jsonb_to_recordset($2::jsonb) as t (i int, channel text, id uuid, "providerId" text, status text, error jsonb)
  ), found as (
    select told.i, known.id from told cross join lateral (
      select id from message where tenant = $1 and id = told.id
      union
      select id from message where tenant = $1 and channel = told.channel and provider_id = told."providerId"
    ) known
  ), locked as materialized (
    select m.id, m.status, m.purpose, m.meta ->> 'callId' as call_id from message m
    where m.tenant = $1 and m.id = any (array(select id from found)) and m.status is not null
    order by m.id for update
  ), moved as (
    update message m set status = told.status, error = told.error, provider_id = coalesce(m.provider_id, told."providerId")
    from found join told on told.i = found.i join locked on locked.id = found.id
    where m.tenant = $1 and m.id = locked.id and ${rankOf("locked.status")} < ${rankOf("told.status")}
    returning m.id
  )
  select found.i, locked.id as "messageId", case when locked.purpose = 'invite' then locked.call_id end as "inviteOf",
    locked.id in (select id from moved) as changed
  from found join locked on locked.id = found.id`;

/** Moves messages forward; reports about messages we do not know come back as orphans. */
export async function applyReports(
  tx: Tx,
  all: StatusReport[],
): Promise<{ applied: AppliedReport[]; orphans: StatusReport[] }> {
  if (all.length === 0) return { applied: [], orphans: [] };
  const reports = furthestNews(
    all.map((news) => ({ key: news.messageId ?? `${news.channel} ${news.providerId}`, news })),
  );
  const told = reports.map((report, i) => ({
    i,
    channel: report.channel,
    id: report.messageId,
    providerId: report.providerId,
    status: report.status satisfies MessageStatus,
    error: report.refusal,
  }));
  const rows = await tx.query<{ i: number; messageId: MessageId; inviteOf: CallId | null; changed: boolean }>(APPLY, [
    tx.tenant,
    JSON.stringify(told),
  ]);
  const known = new Set(rows.map(({ i }) => i));
  return {
    applied: rows.map(({ i, messageId, inviteOf, changed }) => ({ messageId, inviteOf, changed, report: reports[i]! })),
    orphans: reports.filter((_, i) => !known.has(i)),
  };
}
