import { createServer, httpSettings, type ServerOptions } from "#http";
import { readSettings } from "#config";
import type { Queries } from "#db";
import type { FastifyInstance } from "fastify";

/** A database that answers every question with what is given here. */
export const answering = (rows: object[]): Queries => ({ tenant: "main", query: async () => rows as never });

/** A server on settings as `.env` would give them. */
export async function testServer(
  env: Record<string, string> = {},
  options: Partial<ServerOptions> = {},
): Promise<FastifyInstance> {
  const { http } = readSettings({ PORT: "0", HOST: "127.0.0.1", LOG_LEVEL: "silent", ...env }, { http: httpSettings });
  return createServer({ settings: http, front: answering([{ migrated: true }]), webFolder: "/nowhere", ...options });
}
