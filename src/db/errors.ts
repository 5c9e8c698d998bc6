import { messageOf } from "#kit";
import pg from "pg";

/** The database does not answer. Webhooks turn this into 503 so that providers retry. */
export class DatabaseGone extends Error {
  override readonly name = "DatabaseGone";
  readonly statusCode = 503;
}

/** SQLSTATEs that mean "not now": connection trouble, shutting down, cut short, out of resources, disk full. */
const GONE_STATES = /^(08|57P0|57014|53)/;
/** What pg itself says, without a code. */
const GONE_WORDS =
  /^(Connection terminated|Connection ended|timeout expired|timeout exceeded when trying to connect|Query read timeout|Cannot use a pool after calling end)|not queryable/;

/** Prisma's codes for connection trouble: P1xxx, and P2024 and P2037 for a pool without connections. */
const PRISMA_GONE = /^P(1\d{3}|2024|2037)$/;

/** Our own error for connection trouble; everything else stays as it is. */
export function asDatabaseError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof DatabaseGone) return error;
  if (!isGone(error)) return error;
  return new DatabaseGone(`The database does not answer: ${error.message}`, { cause: error });
}

/** The same for an attempt to connect; says where. */
export function asConnectError(error: unknown, { host, port }: { host: string; port: number }): unknown {
  const gone = asDatabaseError(error);
  if (!(gone instanceof DatabaseGone)) return error;
  const why = messageOf(error) || String((error as Trouble).code);
  return new DatabaseGone(`no PostgreSQL answers at ${host}:${port} (${why})`, { cause: error });
}

/** True when the server itself said no: the connection stands and is free. */
export const isAnswer = (error: unknown): boolean =>
  error instanceof pg.DatabaseError || (error instanceof DatabaseGone && error.cause instanceof pg.DatabaseError);

interface Trouble extends Error {
  code?: unknown;
  syscall?: unknown;
  /** What the server said, as Prisma hands it on. */
  meta?: { driverAdapterError?: { cause?: { originalCode?: string } } };
}

function isGone(error: Trouble): boolean {
  if (error instanceof pg.DatabaseError) return GONE_STATES.test(error.code ?? "");
  if (error instanceof AggregateError) return error.errors.some((each) => each instanceof Error && isGone(each));
  if (PRISMA_GONE.test(String(error.code))) return true;
  if (GONE_STATES.test(error.meta?.driverAdapterError?.cause?.originalCode ?? "")) return true;
  return error.syscall !== undefined || GONE_WORDS.test(error.message);
}
