import { recordEvents, type Database, type Tx } from "#db";
import { isId, newId, type Clock, type ConnectionId, type JsonObject, type OperatorId } from "#kit";
import type { Brands } from "./brands.ts";
import type { Checked, Connection, ConnectionKind } from "./connection.ts";
import {
  deleteConnection,
  insertConnection,
  takeConnection,
  updateConnection,
  type ConnectionRow,
} from "./connection-store.ts";
import type { Connections } from "./connections.ts";
import type { Vault } from "./vault.ts";

/** What an administrator enters about a connection; absent stays as it is. */
interface ConnectionChange {
  name?: string | undefined;
  brand?: string | null | undefined;
  enabled?: boolean | undefined;
  /** Of these fields only those given change, secrets too. */
  settings?: JsonObject | undefined;
}

interface NewConnection extends ConnectionChange {
  kind: string;
  name: string;
  settings: JsonObject;
}

type WrongField = { kind: "wrong-field"; field: string; words: string };
type Refused = WrongField | { kind: "no-key" };

export type Saved = { kind: "saved"; id: string } | Refused | { kind: "taken" } | NotThere;
export type Removed = { kind: "removed" } | NotThere;
type NotThere = { kind: "not-found" } | { kind: "of-environment" };

/** Keeps connections for administrators: checks what is entered, seals it, tells every process. */
export interface Registrar {
  add(given: NewConnection, by: OperatorId): Promise<Saved>;
  change(id: string, given: ConnectionChange, by: OperatorId): Promise<Saved>;
  remove(id: string, by: OperatorId): Promise<Removed>;
  /** A round trip to the provider; null when there is no such connection. */
  check(id: string): Promise<Checked | null>;
}

interface Deps {
  db: Database;
  clock: Clock;
  kinds: Map<string, ConnectionKind>;
  vault: Vault;
  connections: Connections;
  brands: Pick<Brands, "has">;
  /** Takes what was saved into use, here and in other processes. */
  refresh(): Promise<void>;
}

export function createRegistrar(deps: Deps): Registrar {
  const { db, clock, kinds, vault, connections, brands } = deps;

  async function saved<Outcome extends { kind: string }>(work: (tx: Tx) => Promise<Outcome>): Promise<Outcome> {
    const outcome = await db.tx(work);
    if (outcome.kind !== "saved" && outcome.kind !== "removed") return outcome;
    await deps.refresh();
    return outcome;
  }

  /** The halves of complete settings as they are stored, or what is wrong with them. */
  function sealed(
    kind: ConnectionKind,
    settings: JsonObject,
  ): Pick<ConnectionRow, "account" | "settings" | "secrets"> | Refused {
    const read = kind.schema.safeParse(settings);
    if (!read.success) return wrongSetting(read.error.issues[0]!);
    const hasSecrets = kind.secrets.some((field) => read.data[field] !== "");
    if (hasSecrets && !vault.ready) return { kind: "no-key" };
    return { account: kind.accountOf(read.data), ...vault.close(kind, read.data) };
  }

  const wrongBrand = (brand: string | null | undefined): WrongField | null =>
    brand == null || brands.has(brand)
      ? null
      : { kind: "wrong-field", field: "brand", words: "there is no such brand" };

  async function record(tx: Tx, event: string, row: ConnectionRow, fields: string[], by: OperatorId) {
    const data = {
      id: row.id,
      kind: row.kind,
      brand: row.brand,
      enabled: row.enabled,
      fields,
      by,
    };
    await recordEvents(tx, [{ at: clock.now(), kind: event, data }]);
  }

  async function changed(tx: Tx, row: ConnectionRow, given: ConnectionChange, by: OperatorId): Promise<Saved> {
    const next = { ...row, ...defined({ name: given.name, brand: given.brand, enabled: given.enabled }) };
    const wrong = wrongBrand(given.brand);
    if (wrong) return wrong;
    if (given.settings) {
      const fresh = sealed(kinds.get(row.kind)!, { ...vault.complete(row), ...given.settings });
      if ("kind" in fresh) return fresh;
      if (fresh.account !== row.account) return ANOTHER_ACCOUNT;
      Object.assign(next, fresh);
    }
    await updateConnection(tx, next, clock.now());
    await record(tx, "connection.saved", next, fieldsOf(given), by);
    return { kind: "saved", id: row.id };
  }

  return {
    async add(given, by) {
      const kind = kinds.get(given.kind);
      if (!kind) return { kind: "wrong-field", field: "kind", words: `must be one of ${[...kinds.keys()].join(", ")}` };
      const wrong = wrongBrand(given.brand);
      if (wrong) return wrong;
      const fresh = sealed(kind, given.settings);
      if ("kind" in fresh) return fresh;
      const now = clock.now();
      const { name, brand = null, enabled = true } = given;
      const row = { id: newId<ConnectionId>(now), kind: kind.kind, name, brand, enabled, ...fresh };
      return saved(async (tx): Promise<Saved> => {
        if (!(await insertConnection(tx, row, now))) return { kind: "taken" };
        await record(tx, "connection.saved", row, fieldsOf(given), by);
        return { kind: "saved", id: row.id };
      });
    },

    async change(id, given, by) {
      if (!isId(id)) return notStored(id, connections);
      return saved(async (tx): Promise<Saved> => {
        const row = await takeConnection(tx, id);
        return row ? changed(tx, row, given, by) : { kind: "not-found" };
      });
    },

    async remove(id, by) {
      if (!isId(id)) return notStored(id, connections);
      return saved(async (tx): Promise<Removed> => {
        const row = await takeConnection(tx, id);
        if (!row) return { kind: "not-found" };
        await deleteConnection(tx, id);
        await record(tx, "connection.removed", row, [], by);
        return { kind: "removed" };
      });
    },

    async check(id) {
      const shut = connections.stored().find(({ row }) => row.id === id);
      if (shut?.trouble) return { ok: false, sentence: shut.trouble };
      const connection = shut?.connection ?? connections.inUse().find((one: Connection) => one.id === id);
      return connection ? kinds.get(connection.kind)!.check(connection.settings) : null;
    },
  };
}

const notStored = (id: string, connections: Connections): NotThere => ({
  kind: connections.inUse().some((connection) => connection.id === id) ? "of-environment" : "not-found",
});

const ANOTHER_ACCOUNT: WrongField = {
  kind: "wrong-field",
  field: "settings",
  words: "this is another account; make a connection of its own for it",
};

const wrongSetting = (issue: { path: PropertyKey[]; message: string }): WrongField => ({
  kind: "wrong-field",
  field: ["settings", ...issue.path.map(String)].join("."),
  words: issue.message,
});

const fieldsOf = ({ settings, ...rest }: ConnectionChange): string[] => [
  ...Object.keys(defined(rest)).filter((field) => field !== "kind"),
  ...Object.keys(settings ?? {}),
];

const defined = <T extends object>(given: T) =>
  Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: Exclude<T[Key], undefined>;
  };
