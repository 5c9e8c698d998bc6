/** The database does not answer. Webhooks turn this into 503 so that providers retry. */
export class DatabaseGone extends Error {
  override readonly name = "DatabaseGone";
  readonly statusCode = 503;
}

/** SQLSTATE classes that mean "not now": connection trouble, shutting down, out of resources, disk full. */
const GONE_STATES = /^(08|57P0|53)/;
const GONE_WORDS = /timeout|terminated|ECONNREFUSED|ECONNRESET|ENOENT|EPIPE|not queryable|Connection ended/i;

/** Our own error for connection trouble; everything else stays as it is. */
export function asDatabaseError(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const { code } = error as { code?: string };
  const gone = typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) ? GONE_STATES.test(code) : GONE_WORDS.test(`${code} ${error.message}`);
  return gone ? new DatabaseGone(`The database does not answer: ${error.message}`, { cause: error }) : error;
}
