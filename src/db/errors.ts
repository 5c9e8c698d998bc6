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

/** Our own error for connection trouble; everything else stays as it is. */
export function asDatabaseError(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof DatabaseGone) return error;
  if (!isGone(error)) return error;
  return new DatabaseGone(`The database does not answer: ${error.message}`, { cause: error });
}

/** True when the server itself said no: the connection stands and is free. */
export const isAnswer = (error: unknown): boolean =>
  error instanceof pg.DatabaseError || (error instanceof DatabaseGone && error.cause instanceof pg.DatabaseError);

function isGone(error: Error & { code?: unknown; syscall?: unknown }): boolean {
  if (error instanceof pg.DatabaseError) return GONE_STATES.test(error.code ?? "");
  if (error instanceof AggregateError) return error.errors.some((each) => each instanceof Error && isGone(each));
  return error.syscall !== undefined || GONE_WORDS.test(error.message);
}
