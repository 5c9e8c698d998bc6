import type { Queries, Tx } from "#db";
import type { Instant, JsonObject } from "#kit";

/** A connection as it is stored: `settings` without secrets, each secret sealed. */
export interface ConnectionRow {
  id: string;
  kind: string;
  account: string;
  brand: string | null;
  name: string;
  enabled: boolean;
  settings: JsonObject;
  secrets: Record<string, string>;
}

const COLUMNS = "id, kind, account, brand, name, enabled, settings, secrets";

/** All of them, in the order in which they were made. */
export const listConnections = (queries: Queries): Promise<ConnectionRow[]> =>
  queries.query<ConnectionRow>(`select ${COLUMNS} from connection where tenant = $1 order by id`, [queries.tenant]);

/** One of them, locked; null when there is none. */
export async function takeConnection(tx: Tx, id: string): Promise<ConnectionRow | null> {
  const [row] = await tx.query<ConnectionRow>(
    `select ${COLUMNS} from connection where tenant = $1 and id = $2 for update`,
    [tx.tenant, id],
  );
  return row ?? null;
}

const INSERT = `
  insert into connection (tenant, id, kind, account, brand, name, enabled, settings, secrets, updated_at)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing returning id`;

/** False when the account has a connection already. */
export async function insertConnection(tx: Tx, row: ConnectionRow, at: Instant): Promise<boolean> {
  return (await tx.query(INSERT, [tx.tenant, ...valuesOf(row), new Date(at)])).length > 0;
}

const UPDATE = `
  update connection set kind = $3, account = $4, brand = $5, name = $6, enabled = $7, settings = $8, secrets = $9, updated_at = $10
  where tenant = $1 and id = $2`;

export async function updateConnection(tx: Tx, row: ConnectionRow, at: Instant): Promise<void> {
  await tx.query(UPDATE, [tx.tenant, ...valuesOf(row), new Date(at)]);
}

export async function deleteConnection(tx: Tx, id: string): Promise<void> {
  await tx.query("delete from connection where tenant = $1 and id = $2", [tx.tenant, id]);
}

const valuesOf = (row: ConnectionRow) => [
  row.id,
  row.kind,
  row.account,
  row.brand,
  row.name,
  row.enabled,
  JSON.stringify(row.settings),
  JSON.stringify(row.secrets),
];

const SEAL_ANEW = "update connection set secrets = $3 where tenant = $1 and id = $2 and secrets = $4";

/** Replaces sealed secrets by the same ones under another key, unless somebody has changed them meanwhile. */
export async function sealAnew(
  queries: Queries,
  { id, secrets }: Pick<ConnectionRow, "id" | "secrets">,
  fresh: Record<string, string>,
): Promise<void> {
  await queries.query(SEAL_ANEW, [queries.tenant, id, JSON.stringify(fresh), JSON.stringify(secrets)]);
}
