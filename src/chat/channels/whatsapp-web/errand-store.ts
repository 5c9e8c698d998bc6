import type { Queries } from "#db";
import type { Instant, Json } from "#kit";
import type { Outgoing } from "./worker/protocol.ts";

/** What can be asked of the process that has a line. */
export type Errand =
  | { do: "look-up"; number: string }
  | { do: "send"; message: Outgoing }
  | { do: "acknowledge"; chat: string; message: string; typing: boolean };

/** An errand on its way. */
export interface OpenErrand {
  id: string;
  errand: Errand;
  until: Instant;
}

const ADD = `
  insert into whatsapp_web_errand (tenant, id, account, errand, until) values ($1, $2, $3, $4, $5)`;

/** Leaves an errand for whoever has the line. */
export async function addErrand(queries: Queries, account: string, { id, errand, until }: OpenErrand): Promise<void> {
  await queries.query(ADD, [queries.tenant, id, account, JSON.stringify(errand), new Date(until)]);
}

const TAKE = `
  with open as (
    select id from whatsapp_web_errand where tenant = $1 and account = $2 and taken_at is null and until > $3
    order by id for update skip locked limit 20
  )
  update whatsapp_web_errand e set taken_at = $3 from open where e.tenant = $1 and e.id = open.id
  returning e.id, e.errand, e.until`;

/** Takes up what waits for this line, oldest first. */
export async function takeErrands(queries: Queries, account: string, now: Instant): Promise<OpenErrand[]> {
  const rows = await queries.query<OpenErrand>(TAKE, [queries.tenant, account, new Date(now)]);
  return rows.sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** Leaves the answer; nobody reads it when the asker has given up. */
export async function answerErrand(queries: Queries, id: string, answer: Json): Promise<void> {
  await queries.query("update whatsapp_web_errand set answer = $3 where tenant = $1 and id = $2", [
    queries.tenant,
    id,
    JSON.stringify({ answer }),
  ]);
}

/** What has become of an errand. */
export interface ErrandFate {
  taken: boolean;
  answer: { answer: Json } | null;
}

/** The answer, if it is there. */
export async function readErrand(queries: Queries, id: string): Promise<ErrandFate | null> {
  const text = `select taken_at is not null as taken, answer from whatsapp_web_errand where tenant = $1 and id = $2`;
  return (await queries.query<ErrandFate>(text, [queries.tenant, id]))[0] ?? null;
}

const END = `
  delete from whatsapp_web_errand where tenant = $1 and (id = $2 or until < $3::timestamptz - interval '1 minute')
  returning id, taken_at is not null as taken, answer`;

/** Takes the errand back, whatever has become of it, and clears away what dead processes left. */
export async function endErrand(queries: Queries, id: string, now: Instant): Promise<ErrandFate | null> {
  const rows = await queries.query<ErrandFate & { id: string }>(END, [queries.tenant, id, new Date(now)]);
  return rows.find((row) => row.id === id) ?? null;
}
