import { PrismaPg } from "@prisma/adapter-pg";
import { createHash } from "node:crypto";
import pg from "pg";
import { asDatabaseError } from "./errors.ts";
import { PrismaClient } from "./generated/client.ts";

/** Runs one statement. Constant texts are prepared once per connection; values never enter the text. */
export interface Queries {
  /** The key every hot table is distributed by. */
  readonly tenant: string;
  query<Row extends object>(text: string, values?: unknown[]): Promise<Row[]>;
}

/** One transaction, READ COMMITTED. */
export interface Tx extends Queries {
  /** Runs after a successful commit; errors there do not undo anything. */
  afterCommit(run: () => void): void;
}

export interface Database extends Queries {
  /** Commits when `work` resolves, rolls back when it rejects. */
  tx<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** For ordinary reads and writes outside the hot paths. */
  readonly prisma: PrismaClient;
  /** A connection of its own, for LISTEN and session locks. The caller ends it. */
  connect(): Promise<pg.Client>;
  close(): Promise<void>;
}

export interface DatabaseOptions {
  url: string;
  tenant: string;
  connections: number;
  /** After this long without an answer a statement fails with `DatabaseGone`. */
  queryTimeoutMs: number;
}

const TIMESTAMPTZ = 1184;
const INT8 = 20;

/** Times come as milliseconds since the epoch (`Instant`), counts as numbers. */
const types = {
  getTypeParser(oid: number, format?: "text" | "binary"): (value: string) => unknown {
    if (oid === TIMESTAMPTZ) return (value) => Date.parse(value);
    if (oid === INT8) return Number;
    return pg.types.getTypeParser(oid, format as "text");
  },
};

export function openDatabase(options: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.connections,
    connectionTimeoutMillis: options.queryTimeoutMs,
    query_timeout: options.queryTimeoutMs,
    types: types as pg.CustomTypesConfig,
    application_name: "detour",
  });
  // An idle connection that breaks is replaced on the next query; without a listener it would end the process.
  pool.on("error", () => {});

  const { tenant } = options;
  return {
    tenant,
    query: (text, values) => run(pool, text, values),
    tx: (work) => transaction(pool, tenant, work),
    prisma: new PrismaClient({ adapter: new PrismaPg(pool) }),
    async connect() {
      const client = new pg.Client({ connectionString: options.url, types: types as pg.CustomTypesConfig });
      client.on("error", () => {});
      await client.connect();
      return client;
    },
    close: () => pool.end(),
  };
}

async function transaction<T>(pool: pg.Pool, tenant: string, work: (tx: Tx) => Promise<T>): Promise<T> {
  const client = await pool.connect().catch((error: unknown) => {
    throw asDatabaseError(error);
  });
  const afterCommit: (() => void)[] = [];
  let broken: Error | undefined;
  try {
    await run(client, "begin");
    const result = await work({
      tenant,
      query: (text, values) => run(client, text, values),
      afterCommit: (later) => void afterCommit.push(later),
    });
    await run(client, "commit");
    for (const later of afterCommit) later();
    return result;
  } catch (error) {
    broken = await client.query("rollback").then(
      () => undefined,
      (rollbackError: unknown) => rollbackError as Error,
    );
    throw error;
  } finally {
    client.release(broken);
  }
}

const names = new Map<string, string>();

function nameOf(text: string): string {
  let name = names.get(text);
  if (name === undefined) {
    name = createHash("sha1").update(text).digest("hex");
    names.set(text, name);
  }
  return name;
}

async function run<Row extends object>(on: pg.Pool | pg.PoolClient, text: string, values?: unknown[]): Promise<Row[]> {
  try {
    const result = values ? await on.query<Row>({ name: nameOf(text), text, values }) : await on.query<Row>(text);
    // Several commands in one text answer several results.
    return Array.isArray(result) ? (result as pg.QueryResult<Row>[]).flatMap(({ rows }) => rows) : result.rows;
  } catch (error) {
    throw asDatabaseError(error);
  }
}
