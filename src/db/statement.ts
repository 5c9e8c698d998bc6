import { createHash } from "node:crypto";
import type pg from "pg";
import { asDatabaseError } from "./errors.ts";

const names = new Map<string, string>();

/** Runs one statement, prepared under a name when it has values. Connection trouble becomes `DatabaseGone`. */
export async function run<Row extends object>(
  on: pg.Pool | pg.PoolClient,
  text: string,
  values?: unknown[],
): Promise<Row[]> {
  try {
    const result = values ? await on.query<Row>({ name: nameOf(text), text, values }) : await on.query<Row>(text);
    // Several commands in one text answer several results.
    return Array.isArray(result) ? (result as pg.QueryResult<Row>[]).flatMap(({ rows }) => rows) : result.rows;
  } catch (error) {
    throw asDatabaseError(error);
  }
}

function nameOf(text: string): string {
  let name = names.get(text);
  if (name === undefined) {
    name = createHash("sha1").update(text).digest("hex");
    names.set(text, name);
  }
  return name;
}
