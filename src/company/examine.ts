import type { Checked, Connection, ConnectionKind, ConsoleAddress } from "./connection.ts";

/** One connection after a real round trip, and what is pasted into its provider's console. */
export interface Examined {
  name: string;
  answer: Checked;
  addresses: ConsoleAddress[];
}

/** Tries one connection. */
export const examineConnection = async (
  kind: ConnectionKind,
  connection: Connection,
  publicUrl: string,
): Promise<Examined> => ({
  name: `${connection.kind} ${connection.account}`,
  answer: await kind.check(connection.settings),
  addresses: addressesOf(kind, connection, publicUrl),
});

/** What is pasted where, with the name of the connection it is for. */
export const addressesOf = (kind: ConnectionKind, connection: Connection, publicUrl: string): ConsoleAddress[] =>
  kind.addresses(connection, publicUrl).map(({ what, url }) => ({ what: `${connection.kind}: ${what}`, url }));
