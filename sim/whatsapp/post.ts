import { createHmac } from "node:crypto";
import { Agent, request } from "node:http";
import { seconds } from "#kit";
import type { Clock, Millis } from "#kit";

/** HTTP requests to the application. Each resolves with the status of the answer, or null when none came. */
export interface Post {
  /** Posts these bytes, signed as `X-Hub-Signature-256` signs them. */
  send(address: string, json: string): Promise<number | null>;
  /** Asks, and tells what was answered. */
  get(address: string): Promise<{ status: number | null; text: string }>;
  close(): void;
}

const PATIENCE: Millis = seconds(20);

export function createPost(clock: Clock, appSecret: string): Post {
  const agent = new Agent({ keepAlive: true });

  function ask(address: string, method: "GET" | "POST", headers: Record<string, string | number>, body?: string) {
    return new Promise<{ status: number | null; text: string }>((resolve) => {
      const going = request(address, { method, agent, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => over(response.statusCode ?? null, Buffer.concat(chunks).toString("utf8")));
        response.on("error", () => over(null));
      });
      const cancel = clock.after(PATIENCE, () => going.destroy());
      const over = (status: number | null, text = "") => {
        cancel();
        resolve({ status, text });
      };
      going.on("error", () => over(null));
      going.on("close", () => over(null));
      going.end(body);
    });
  }

  return {
    async send(address, json) {
      const headers = {
        "content-type": "application/json",
        "content-length": Buffer.byteLength(json),
        "user-agent": "facebookexternalua",
        "x-hub-signature-256": `sha256=${createHmac("sha256", appSecret).update(json).digest("hex")}`,
      };
      return (await ask(address, "POST", headers, json)).status;
    },
    get: (address) => ask(address, "GET", {}),
    close: () => agent.destroy(),
  };
}
