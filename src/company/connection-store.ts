import type { Queries } from "#db";
import type { JsonObject } from "#kit";

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

const SEAL_ANEW = "update connection set secrets = $3 where tenant = $1 and id = $2 and secrets = $4";

/** Replaces sealed secrets by the same ones under another key, unless somebody has changed them meanwhile. */
export async function sealAnew(
  queries: Queries,
  { id, secrets }: Pick<ConnectionRow, "id" | "secrets">,
  fresh: Record<string, string>,
): Promise<void> {
  await queries.query(SEAL_ANEW, [queries.tenant, id, JSON.stringify(fresh), JSON.stringify(secrets)]);
}
