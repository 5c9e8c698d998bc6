import { createHmac } from "node:crypto";
import { Agent } from "node:http";
import type { Clock } from "#kit";
import { ask } from "../kit/ask.ts";

/** HTTP requests to the application. Each resolves with the status of the answer, or null when none came. */
export interface Post {
  /** Posts these bytes, signed as `X-Hub-Signature-256` signs them. */
  send(address: string, json: string): Promise<number | null>;
  /** Asks, and tells what was answered. */
  get(address: string): Promise<{ status: number | null; text: string }>;
  close(): void;
}

export function createPost(clock: Clock, appSecret: string): Post {
  const agent = new Agent({ keepAlive: true });
  const line = { clock, agent };

  return {
    async send(address, json) {
      const headers = {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(json),
        "user-agent": "facebookexternalua",
        "x-hub-signature-256": `sha256=${createHmac("sha256", appSecret).update(json).digest("hex")}`,
      };
      return (await ask(line, address, { method: "POST", headers, body: json }))?.status ?? null;
    },
    get: async (address) => (await ask(line, address, { method: "GET" })) ?? { status: null, text: "" },
    close: () => agent.destroy(),
  };
}
