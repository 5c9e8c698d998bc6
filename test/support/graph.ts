import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** Meta's one address for several business numbers, each of them a stand-in of its own. */
export interface Graph {
  url: string;
  close(): Promise<void>;
}

/** Hands each request to the stand-in of the number or account its path names. `numbers`: id → address. */
export async function createGraph(numbers: Map<string, string>): Promise<Graph> {
  const server = createServer((request, response) => {
    pass(request, response, numbers).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => new Promise((resolve) => void server.close(() => resolve())),
  };
}

async function pass(request: IncomingMessage, response: ServerResponse, numbers: Map<string, string>): Promise<void> {
  const path = request.url ?? "/";
  const stand = path
    .split(/[/?]/)
    .map((part) => numbers.get(part))
    .find((url) => url !== undefined);
  if (stand === undefined) return void response.writeHead(404).end();
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const { authorization = "", "content-type": type = "application/json" } = request.headers;
  const answer = await fetch(stand + path, {
    method: request.method!,
    headers: { authorization, "content-type": type },
    ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}),
  });
  response.writeHead(answer.status, { "content-type": answer.headers.get("content-type") ?? "application/json" });
  response.end(Buffer.from(await answer.arrayBuffer()));
}
