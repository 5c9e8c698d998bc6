import { PrismaPg } from "@prisma/adapter-pg";
import pg from "pg";
import { asConnectError, asDatabaseError } from "./errors.ts";
import { PrismaClient } from "./generated/client.ts";
import { run } from "./statement.ts";
import { transaction } from "./transaction.ts";

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
  /** Commits when `work` resolves, rolls back when it rejects. Resolves only after a commit. */
  tx<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  /** For ordinary reads and writes outside the hot paths. */
  readonly prisma: PrismaClient;
  /** How the connections of the pool are used just now. */
  use(): PoolUse;
  /** A connection of its own, for LISTEN and session locks. The caller ends it. */
  connect(): Promise<pg.Client>;
  close(): Promise<void>;
}

/** Connections of one pool; `waiting` are statements that wait for one. */
export interface PoolUse {
  open: number;
  idle: number;
  waiting: number;
  most: number;
}

export interface DatabaseOptions {
  url: string;
  tenant: string;
  connections: number;
  /** After this long without an answer a statement fails with `DatabaseGone`. */
  queryTimeoutMs: number;
}

/** The server ends a statement before we stop waiting for it: it holds no lock then that nobody needs. */
const SERVER_GIVES_UP_AT = 0.9;

const TIMESTAMPTZ = 1184;
const INT8 = 20;

/** Times come as milliseconds since the epoch (`Instant`), counts as numbers. */
const types = {
  getTypeParser(oid: number, format?: "text" | "binary"): (value: string) => unknown {
    if (oid === TIMESTAMPTZ) return (value) => Date.parse(value);
    if (oid === INT8) return Number;
    return pg.types.getTypeParser(oid, format);
  },
};

export function openDatabase(options: DatabaseOptions): Database {
  const pool = new pg.Pool({
    connectionString: options.url,
    max: options.connections,
    connectionTimeoutMillis: options.queryTimeoutMs,
    query_timeout: options.queryTimeoutMs,
    statement_timeout: Math.ceil(options.queryTimeoutMs * SERVER_GIVES_UP_AT),
    keepAlive: true,
    types,
    application_name: "detour",
  });
  // An idle connection that breaks is replaced on the next query; without a listener it would end the process.
  pool.on("error", () => {});

  const { tenant } = options;
  return {
    tenant,
    query: (text, values) => run(pool, text, values),
    tx: (work) => transaction(pool, tenant, work),
    prisma: openPrisma(pool),
    use: () => ({
      open: pool.totalCount,
      idle: pool.idleCount,
      waiting: pool.waitingCount,
      most: options.connections,
    }),
    async connect() {
      const client = new pg.Client({
        connectionString: options.url,
        connectionTimeoutMillis: options.queryTimeoutMs,
        keepAlive: true,
        types,
        application_name: "detour",
      });
      client.on("error", () => {});
      await client.connect().catch((error: unknown) => {
        throw asConnectError(error, client);
      });
      return client;
    },
    close: () => pool.end(),
  };
}

/** Prisma on our pool, with our error for connection trouble. */
function openPrisma(pool: pg.Pool): PrismaClient {
  const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
  const told = prisma.$extends({
    query: {
      $allOperations: ({ args, query }) =>
        query(args).catch((error: unknown) => {
          throw asDatabaseError(error);
        }),
    },
  });
  return told as unknown as PrismaClient;
}
