import type { JsonObject } from "#kit";
import type { Connection, ConnectionKind } from "./connection.ts";
import type { ConnectionRow } from "./connection-store.ts";
import type { Seal } from "./seal.ts";

/** A stored connection, opened; or why it cannot be used. */
type Opened = { ok: true; connection: Connection } | { ok: false; sentence: string };

/** Puts connections into rows and takes them out again; the only place where their secrets are open. */
export interface Vault {
  /** False without a key: secrets can be neither closed nor opened. */
  readonly ready: boolean;
  open(row: ConnectionRow): Opened;
  /** The settings with those secrets that can be opened. */
  complete(row: ConnectionRow): JsonObject;
  /** The two halves of complete settings, as they are stored. Throws without a key when there is a secret. */
  close(kind: ConnectionKind, settings: JsonObject): Pick<ConnectionRow, "settings" | "secrets">;
  /** The secrets under the present key; null when they are, or cannot be opened. */
  renew(row: ConnectionRow): Record<string, string> | null;
}

export function createVault(
  { tenant, seal }: { tenant: string; seal: Seal },
  kinds: Map<string, ConnectionKind>,
): Vault {
  const about = (row: Pick<ConnectionRow, "kind" | "account">, field: string) => [tenant, row.kind, row.account, field];

  const openSecrets = (row: ConnectionRow): [string, string][] =>
    Object.entries(row.secrets).flatMap(([field, sealed]) => {
      const secret = seal.open(sealed, about(row, field));
      return secret === null ? [] : [[field, secret] as [string, string]];
    });

  const isShut = (row: ConnectionRow) => openSecrets(row).length < Object.keys(row.secrets).length;

  const complete = (row: ConnectionRow): JsonObject => ({ ...row.settings, ...Object.fromEntries(openSecrets(row)) });

  const closeAll = (row: Pick<ConnectionRow, "kind" | "account">, secrets: [string, string][]) =>
    Object.fromEntries(secrets.map(([field, secret]) => [field, seal.close(secret, about(row, field))]));

  return {
    ready: seal.ready,
    complete,

    open(row) {
      const kind = kinds.get(row.kind);
      if (!kind) return wrong(row, `This version knows no connections of the kind ${row.kind}.`);
      if (isShut(row)) return wrong(row, SHUT);
      const settings = kind.schema.safeParse(complete(row));
      if (!settings.success)
        return wrong(row, `Its setting ${String(settings.error.issues[0]?.path[0])} is not right. Enter it anew.`);
      const { id, account, brand, name } = row;
      const connection = { id, kind: row.kind, account, brand, name, settings: settings.data, source: "database" };
      return { ok: true, connection: connection as Connection };
    },

    close({ kind, secrets, accountOf }, settings) {
      const fields = Object.entries(settings);
      const held = fields.filter(
        (entry): entry is [string, string] =>
          secrets.includes(entry[0]) && typeof entry[1] === "string" && entry[1] !== "",
      );
      return {
        settings: Object.fromEntries(fields.filter(([field]) => !secrets.includes(field))),
        secrets: closeAll({ kind, account: accountOf(settings) }, held),
      };
    },

    renew(row) {
      if (!seal.ready || isShut(row) || Object.values(row.secrets).every(seal.isFresh)) return null;
      return closeAll(row, openSecrets(row));
    },
  };
}

const SHUT = "Its secrets cannot be opened. Set SECRETS_KEY to the key that sealed them, or enter them anew.";

const wrong = ({ kind, name }: ConnectionRow, why: string): Opened => ({
  ok: false,
  sentence: `The connection ${name} (${kind}) is not used. ${why}`,
});
