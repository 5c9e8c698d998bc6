import type { Database } from "#db";
import type { Connection, ConnectionKind } from "./connection.ts";
import { listConnections, sealAnew, type ConnectionRow } from "./connection-store.ts";
import type { Vault } from "./vault.ts";

export interface Log {
  warn(fields: object, words: string): void;
  error(fields: object, words: string): void;
}

/** A stored connection as administrators see it. */
export interface Listed {
  row: ConnectionRow;
  /** Null when it cannot be used; then `trouble` says why. */
  connection: Connection | null;
  trouble: string | null;
}

/** All connections of this process: those of the environment and those of the database. */
export interface Connections {
  /** Reads them anew and hands each kind its own when they have changed. */
  reload(): Promise<void>;
  /** Reads them anew and does no more. */
  look(): Promise<void>;
  /** What is used now, and what is stored but switched off or shut. */
  inUse(): Connection[];
  stored(): Listed[];
}

interface Deps {
  db: Database;
  log: Log;
  kinds: Map<string, ConnectionKind>;
  vault: Vault;
}

export function createConnections({ db, log, kinds, vault }: Deps): Connections {
  let stored: Listed[] = [];
  let inUse: Connection[] = [];
  /** What each kind was given last, as text. */
  const given = new Map<string, string>();

  async function look(): Promise<void> {
    stored = (await listConnections(db)).map(listed);
    const meant = stored.filter(({ row, connection }) => connection !== null || !row.enabled);
    const taken = new Set(meant.map(({ row }) => keyOf(row)));
    const own = [...kinds.values()].flatMap(fromEnvironment).filter((connection) => !taken.has(keyOf(connection)));
    const enabled = stored.flatMap(({ row, connection }) => (row.enabled && connection ? [connection] : []));
    inUse = [...own, ...enabled];
  }

  async function reload(): Promise<void> {
    await look();
    for (const kind of kinds.values()) await hand(kind);
    for (const { row } of stored) await renew(row);
  }

  function listed(row: ConnectionRow): Listed {
    const opened = vault.open(row);
    return opened.ok
      ? { row, connection: opened.connection, trouble: null }
      : { row, connection: null, trouble: opened.sentence };
  }

  async function hand(kind: ConnectionKind): Promise<void> {
    const mine = inUse.filter((connection) => connection.kind === kind.kind);
    const now = JSON.stringify(mine);
    if (given.get(kind.kind) === now) return;
    try {
      await kind.use(mine);
      given.set(kind.kind, now);
    } catch (error) {
      const name = error instanceof Error ? error.name : "unknown";
      log.error({ kind: kind.kind, error: name }, "connections could not be taken into use and are tried again");
    }
  }

  async function renew(row: ConnectionRow): Promise<void> {
    const fresh = vault.renew(row);
    if (fresh) await sealAnew(db, row, fresh);
  }

  return {
    reload,
    look,
    inUse: () => inUse,
    stored: () => stored,
  };
}

const keyOf = ({ kind, account }: Pick<Connection, "kind" | "account">) => `${kind} ${account}`;

/** The connection of `.env`, when there is one. */
export function fromEnvironment({ kind, accountOf, fromEnvironment: settings }: ConnectionKind): Connection[] {
  if (!settings) return [];
  return [
    {
      id: `environment-${kind}`,
      kind,
      account: accountOf(settings),
      brand: null,
      name: ".env",
      settings,
      source: "environment",
    },
  ];
}
