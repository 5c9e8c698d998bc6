import type { JsonObject } from "#kit";
import type { Connection, ConnectionKind } from "./connection.ts";
import type { ConnectionRow } from "./connection-store.ts";
import type { Seal } from "./seal.ts";

/** A stored connection, opened; or why it cannot be used. */
export type Opened = { ok: true; connection: Connection } | { ok: false; sentence: string };

/** Puts connections into rows and takes them out again; the only place where their secrets are open. */
export interface Vault {
  open(row: ConnectionRow): Opened;
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

  function openSecrets(row: ConnectionRow): Record<string, string> | null {
    const opened = Object.entries(row.secrets).map(([field, sealed]) => [field, seal.open(sealed, about(row, field))]);
    return opened.every(([, secret]) => secret !== null) ? Object.fromEntries(opened) : null;
  }

  function closeAll(row: Pick<ConnectionRow, "kind" | "account">, secrets: [string, string][]) {
    return Object.fromEntries(secrets.map(([field, secret]) => [field, seal.close(secret, about(row, field))]));
  }

  return {
    open(row) {
      const kind = kinds.get(row.kind);
      if (!kind) return wrong(row, `This version knows no connections of the kind ${row.kind}.`);
      const secrets = openSecrets(row);
      if (!secrets)
        return wrong(
          row,
          "Its secrets cannot be opened. Set SECRETS_KEY to the key that sealed them, or enter them anew.",
        );
      const settings = kind.schema.safeParse({ ...row.settings, ...secrets });
      if (!settings.success)
        return wrong(row, `Its setting ${String(settings.error.issues[0]?.path[0])} is not right. Enter it anew.`);
      const { id, account, brand, name } = row;
      const connection = {
        id,
        kind: row.kind,
        account,
        brand,
        name,
        settings: settings.data,
        source: "database" as const,
      };
      return { ok: true, connection };
    },

    close({ kind, secrets, accountOf }, settings) {
      const isSecret = (field: string) => secrets.includes(field);
      const fields = Object.entries(settings);
      const held = fields.filter((entry): entry is [string, string] => isSecret(entry[0]) && entry[1] !== "");
      return {
        settings: Object.fromEntries(fields.filter(([field]) => !isSecret(field))),
        secrets: closeAll({ kind, account: accountOf(settings) }, held),
      };
    },

    renew(row) {
      if (!seal.ready || Object.values(row.secrets).every(seal.isFresh)) return null;
      const secrets = openSecrets(row);
      return secrets && closeAll(row, Object.entries(secrets));
    },
  };
}

const wrong = ({ kind, name }: ConnectionRow, why: string): Opened => ({
  ok: false,
  sentence: `The connection ${name} (${kind}) is not used. ${why}`,
});
