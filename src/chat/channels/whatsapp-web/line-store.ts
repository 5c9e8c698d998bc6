import type { Database, Queries, Tx } from "#db";
import type { Instant } from "#kit";
import type { Line, PairBy } from "./core/line.ts";
import type { Probe } from "./core/probe.ts";

/** What a person wants the line to do. */
export type Wish = { kind: "pair"; how: PairBy } | { kind: "resume" };

/** One account as all processes see it. */
export interface LineRow {
  enabled: boolean;
  line: Line;
  probe: Probe | null;
  wish: Wish | null;
  /** Credentials of a link are kept. */
  paired: boolean;
}

const UNPAIRED: Line = { at: "unpaired" };

const ADD = `
  insert into whatsapp_web_line (tenant, account, line, updated_at) values ($1, $2, $3, $4) on conflict do nothing`;

/** Makes sure the account has a row. */
export async function addLine(queries: Queries, account: string, now: Instant): Promise<void> {
  await queries.query(ADD, [queries.tenant, account, JSON.stringify(UNPAIRED), new Date(now)]);
}

const COLUMNS = `
  enabled, line, probe, wish, exists (
    select 1 from whatsapp_web_key k where k.tenant = $1 and k.account = $2 and k.type = 'credentials') as paired`;

/** The account as it is; null when it was never in use. */
export async function readLine(queries: Queries, account: string): Promise<LineRow | null> {
  const text = `select ${COLUMNS} from whatsapp_web_line where tenant = $1 and account = $2`;
  return (await queries.query<LineRow>(text, [queries.tenant, account]))[0] ?? null;
}

/** Keeps the life of the connection; only the process that has it calls this. */
export async function saveLine(queries: Queries, account: string, line: Line, now: Instant): Promise<void> {
  await queries.query("update whatsapp_web_line set line = $3, updated_at = $4 where tenant = $1 and account = $2", [
    queries.tenant,
    account,
    JSON.stringify(line),
    new Date(now),
  ]);
}

/** Reads the row, lets `change` decide about the probe, saves: in one transaction, one process at a time. */
export function changeProbe<Result>(
  db: Pick<Database, "tx">,
  account: string,
  change: (row: LineRow, tx: Tx) => Promise<{ probe: Probe | null; result: Result }>,
): Promise<Result | null> {
  return db.tx(async (tx) => {
    const text = `select ${COLUMNS} from whatsapp_web_line where tenant = $1 and account = $2 for update`;
    const [row] = await tx.query<LineRow>(text, [tx.tenant, account]);
    if (!row) return null;
    const { probe, result } = await change(row, tx);
    await tx.query("update whatsapp_web_line set probe = $3 where tenant = $1 and account = $2", [
      tx.tenant,
      account,
      JSON.stringify(probe),
    ]);
    return result;
  });
}

/** The kill switch. */
export async function setEnabled(queries: Queries, account: string, enabled: boolean): Promise<void> {
  await queries.query("update whatsapp_web_line set enabled = $3 where tenant = $1 and account = $2", [
    queries.tenant,
    account,
    enabled,
  ]);
}

/** Leaves a wish for the process that has the line, or gets it next. */
export async function wishFor(queries: Queries, account: string, wish: Wish): Promise<void> {
  await queries.query("update whatsapp_web_line set wish = $3 where tenant = $1 and account = $2", [
    queries.tenant,
    account,
    JSON.stringify(wish),
  ]);
}

const TAKE_WISH = `
  with open as (select wish from whatsapp_web_line where tenant = $1 and account = $2 and wish is not null for update)
  update whatsapp_web_line l set wish = null from open where l.tenant = $1 and l.account = $2 returning open.wish`;

/** Takes the wish up, so that it is carried out once. */
export async function takeWish(queries: Queries, account: string): Promise<Wish | null> {
  const [row] = await queries.query<{ wish: Wish }>(TAKE_WISH, [queries.tenant, account]);
  return row?.wish ?? null;
}
