import { StartError, messageOf } from "#kit";
import pg from "pg";
import { DatabaseGone } from "./errors.ts";

const MEND: [state: RegExp, what: string][] = [
  [/^3D000/, "Create it or correct DATABASE_URL"],
  [/^28/, "Correct the user or the password in DATABASE_URL"],
  [/^(42501|3F000)/, "Let this account own the database, or let it create tables and schemas there"],
];

/** What keeps us from using the database at start, as a sentence; our own bugs stay as they are. */
export function asStartError(error: unknown): unknown {
  if (error instanceof DatabaseGone)
    return new StartError(`DATABASE_URL: ${plain(error)}. Start it or correct DATABASE_URL.`);
  if (!(error instanceof pg.DatabaseError)) return error;
  const mend = MEND.find(([state]) => state.test(error.code ?? ""))?.[1];
  return mend ? new StartError(`DATABASE_URL: ${plain(error)}. ${mend}.`) : error;
}

/** For everything that goes wrong while connecting: a wrong address says so in many ways. */
export function asConnectStartError(error: unknown): unknown {
  const known = asStartError(error);
  if (known instanceof StartError) return known;
  return new StartError(`DATABASE_URL: ${plain(error)}. Correct DATABASE_URL.`);
}

const plain = (error: unknown) =>
  messageOf(error)
    .trim()
    .replaceAll(/\s*\n\s*/g, " ")
    .replace(/\.$/, "");
