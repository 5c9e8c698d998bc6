import type { Queries } from "#db";
import type { KeyEntry } from "./worker/protocol.ts";

/** Closes what is kept so that the database alone does not give it away. */
export interface Seal {
  /** False without a key. */
  readonly ready: boolean;
  close(secret: string, about: string[]): string;
  /** Null when the key that closed it is not here. */
  open(sealed: string, about: string[]): string | null;
  /** True when the present key closed it. */
  isFresh(sealed: string): boolean;
}

/** The keys of one account at rest: each value sealed on its own, bound to its place. */
export interface KeyStore {
  read(type: string, ids: string[]): Promise<KeyEntry[]>;
  write(entries: KeyEntry[]): Promise<void>;
  /** The credentials of the link; null when there is none, or none that can be opened: then they are shut. */
  credentials(): Promise<{ text: string | null; shut: boolean }>;
  writeCredentials(text: string): Promise<void>;
  /** Seals anew whatever an older key had sealed. */
  renew(): Promise<void>;
  forget(): Promise<void>;
}

const CREDENTIALS = "credentials";

const READ = `
  select type, id, sealed from whatsapp_web_key
  where tenant = $1 and account = $2 and type = $3 and id = any ($4::text[])`;

const ALL = `select type, id, sealed from whatsapp_web_key where tenant = $1 and account = $2`;

const WRITE = `
  with given as (select * from jsonb_to_recordset($3::jsonb) as t (type text, id text, sealed text)
  ), gone as (
    delete from whatsapp_web_key k using given where k.tenant = $1 and k.account = $2 and k.type = given.type
      and k.id = given.id and given.sealed is null
  )
  insert into whatsapp_web_key (tenant, account, type, id, sealed)
  select $1, $2, type, id, sealed from given where sealed is not null
  on conflict (tenant, account, type, id) do update set sealed = excluded.sealed`;

interface Row {
  type: string;
  id: string;
  sealed: string;
}

export function createKeyStore(db: Queries, seal: Seal, account: string): KeyStore {
  const about = ({ type, id }: { type: string; id: string }) => [db.tenant, "whatsapp-web", account, type, id];

  const read = async (type: string, ids: string[]): Promise<KeyEntry[]> => {
    const rows = await db.query<Row>(READ, [db.tenant, account, type, ids]);
    return rows.map((row) => ({ type: row.type, id: row.id, value: seal.open(row.sealed, about(row)) }));
  };
  const underWay = new Set<Promise<unknown>>();
  const write = async (entries: KeyEntry[]): Promise<void> => {
    const rows = entries.map(({ value, ...key }) => {
      return { ...key, sealed: value === null ? null : seal.close(value, about(key)) };
    });
    const writing = db.query(WRITE, [db.tenant, account, JSON.stringify(rows)]);
    underWay.add(writing);
    await writing.finally(() => underWay.delete(writing));
  };

  return {
    /** What cannot be opened counts as missing: the library then makes a new session with that person. */
    read: async (type, ids) => (await read(type, ids)).filter(({ value }) => value !== null),
    write,
    async credentials() {
      const [kept] = await read(CREDENTIALS, [""]);
      const text = kept?.value ?? null;
      return { text, shut: kept !== undefined && text === null };
    },
    writeCredentials: (value) => write([{ type: CREDENTIALS, id: "", value }]),
    async renew() {
      const rows = await db.query<Row>(ALL, [db.tenant, account]);
      const stale = rows.filter(({ sealed }) => !seal.isFresh(sealed));
      const opened = stale.map(({ sealed, ...key }) => ({ ...key, value: seal.open(sealed, about(key)) }));
      const known = opened.filter(({ value }) => value !== null);
      if (known.length > 0) await write(known);
    },
    /** What is still being written must not outlive it. */
    async forget() {
      await Promise.allSettled(underWay);
      await db.query("delete from whatsapp_web_key where tenant = $1 and account = $2", [db.tenant, account]);
    },
  };
}
