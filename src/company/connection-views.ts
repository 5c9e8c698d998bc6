import type { JsonObject } from "#kit";
import { z } from "zod";
import type { Connection, ConnectionKind } from "./connection.ts";
import type { Connections, Listed } from "./connections.ts";

/** A connection as administrators see it: which secrets are set, never what they are. */
export const connectionView = z.object({
  id: z.string(),
  kind: z.string(),
  account: z.string(),
  brand: z.string().nullable(),
  name: z.string(),
  enabled: z.boolean(),
  source: z.enum(["environment", "database"]),
  settings: z.record(z.string(), z.json()).describe("Without secrets."),
  secrets: z.record(z.string(), z.boolean()).describe("Which secrets are set."),
  trouble: z.string().nullable().describe("Why it is not in use although it should be."),
  addresses: z.array(z.object({ what: z.string(), url: z.string() })).describe("To paste into the provider's console."),
});
type ConnectionView = z.infer<typeof connectionView>;

/** What a kind of connection needs. */
export const kindView = z.object({
  kind: z.string(),
  secrets: z.array(z.string()),
  schema: z.record(z.string(), z.json()).describe("JSON Schema of the settings, secrets among them."),
});

/** Every connection, those of the environment first. */
export function connectionViews(
  connections: Connections,
  kinds: Map<string, ConnectionKind>,
  publicUrl: string,
): ConnectionView[] {
  const own = connections.inUse().filter(({ source }) => source === "environment");
  return [
    ...own.map((connection) => viewOfOwn(connection, kinds.get(connection.kind)!, publicUrl)),
    ...connections.stored().map((listed) => viewOfStored(listed, kinds.get(listed.row.kind), publicUrl)),
  ];
}

function viewOfOwn(connection: Connection, kind: ConnectionKind, publicUrl: string): ConnectionView {
  const { settings, ...rest } = connection;
  return {
    ...rest,
    enabled: true,
    settings: withoutSecrets(settings, kind),
    secrets: Object.fromEntries(kind.secrets.map((field) => [field, settings[field] !== ""])),
    trouble: null,
    addresses: kind.addresses(connection, publicUrl),
  };
}

function viewOfStored({ row, connection, trouble }: Listed, kind: ConnectionKind | undefined, publicUrl: string) {
  const { secrets: sealed, ...rest } = row;
  return {
    ...rest,
    source: "database" as const,
    secrets: Object.fromEntries((kind?.secrets ?? Object.keys(sealed)).map((field) => [field, field in sealed])),
    trouble: row.enabled ? trouble : null,
    addresses: connection && kind ? kind.addresses(connection, publicUrl) : [],
  };
}

const withoutSecrets = (settings: JsonObject, { secrets }: ConnectionKind): JsonObject =>
  Object.fromEntries(Object.entries(settings).filter(([field]) => !secrets.includes(field)));
