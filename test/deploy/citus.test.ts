import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { read } from "../docs/pages.ts";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";

interface Key {
  table: string;
  name: string;
  columns: string[];
}

/** The statements of `deploy/citus.sql`, as far as they place tables. */
const placed = [
  ...read("deploy/citus.sql").matchAll(/^select create_(distributed|reference)_table\('(\w+)'(?:, '(\w+)')?(.*)\);$/gm),
];
const distributed = new Map(
  placed.filter(([, how]) => how === "distributed").map(([, , table, key, rest]) => [table!, { key, rest }]),
);
const everywhere = placed.filter(([, how]) => how === "reference").map(([, , table]) => table!);

describe("the way beyond one PostgreSQL", () => {
  let db: FreshDatabase;
  beforeAll(async () => void (db = await freshDatabase()));
  afterAll(() => db.drop());

  const tables = async () => (await db.query<{ name: string }>(TABLES)).map(({ name }) => name);

  it("places every table, each once", async () => {
    const names = placed.map(([, , table]) => table!);

    expect(names.toSorted()).toEqual(await tables());
    expect(new Set(names).size).toBe(names.length);
  });

  it("distributes every table with a tenant by it, beside the others, and copies the rest", async () => {
    const withTenant = (await db.query<{ name: string }>(WITH_TENANT)).map(({ name }) => name);

    expect([...distributed.keys()].toSorted()).toEqual(withTenant);
    expect(everywhere).toEqual((await tables()).filter((table) => !withTenant.includes(table)));
    expect([...distributed].filter(([, { key }]) => key !== "tenant")).toEqual([]);
    const apart = [...distributed].filter(
      ([table, { rest }]) => rest !== ", colocate_with => 'contact'" && table !== "contact",
    );
    expect(apart).toEqual([]);
  });

  it("finds the tenant first in every primary and unique key, as Citus demands of distributed tables", async () => {
    const keys = (await db.query<Key>(KEYS)).filter(({ table }) => distributed.has(table));

    expect(new Set(keys.map(({ table }) => table))).toEqual(new Set(distributed.keys()));
    expect(keys.filter(({ columns }) => columns[0] !== "tenant")).toEqual([]);
  });

  it("finds no foreign key, and no sequence but that of the event log", async () => {
    expect(
      await db.query("select conname from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace"),
    ).toEqual([]);
    expect(
      await db.query(
        "select relname as name from pg_class where relkind = 'S' and relnamespace = 'public'::regnamespace",
      ),
    ).toEqual([{ name: "event_seq_seq" }]);
  });
});

const TABLES = `
  select relname as name from pg_class where relkind in ('r', 'p') and relnamespace = 'public'::regnamespace order by relname collate "C"`;

const WITH_TENANT = `
  select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant'
  where c.relkind in ('r', 'p') and c.relnamespace = 'public'::regnamespace order by c.relname collate "C"`;

const KEYS = `
  select c.relname as table, i.indexrelid::regclass::text as name,
    array(select a.attname::text from unnest(i.indkey::int[]) with ordinality as k (number, place)
      left join pg_attribute a on a.attrelid = c.oid and a.attnum = k.number order by k.place) as columns
  from pg_index i join pg_class c on c.oid = i.indrelid
  where i.indisunique and c.relnamespace = 'public'::regnamespace`;
