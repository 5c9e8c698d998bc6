import { Agent, request } from "node:http";
import type { ClientRequest, IncomingMessage } from "node:http";
import { Agent as SecureAgent, request as secureRequest } from "node:https";
import { millis } from "#kit";
import type { Clock } from "#kit";

interface Outgoing {
  method: string;
  url: string;
  headers: Record<string, string>;
  body: string | null;
  connectMs: number;
  readMs: number;
}

/** How one HTTP request ended. */
export type Exchange =
  | { kind: "answered"; status: number; contentType: string; body: Buffer }
  | { kind: "not-connected" }
  | { kind: "too-late" }
  /** The connection broke before the whole answer was here. */
  | { kind: "broken" };

/** Sends requests over real sockets; patience is measured by the given clock. */
export interface Wire {
  send(outgoing: Outgoing): Promise<Exchange>;
  close(): void;
}

export function createWire(clock: Clock): Wire {
  const agents = { "http:": new Agent({ keepAlive: true }), "https:": new SecureAgent({ keepAlive: true }) };

  const attempt = (outgoing: Outgoing, fresh: boolean) =>
    new Promise<Exchange | "stale">((resolve) => {
      const target = readTarget(outgoing.url);
      const secure = target.protocol === "https:";
      const going: ClientRequest = (secure ? secureRequest : request)({
        ...target,
        method: outgoing.method,
        agent: fresh ? false : agents[secure ? "https:" : "http:"],
        headers: outgoing.body === null ? outgoing.headers : withLength(outgoing.headers, outgoing.body),
      });
      let connected = false;
      let stopTimer = clock.after(millis(outgoing.connectMs), () => over({ kind: "not-connected" }));

      const over = (exchange: Exchange | "stale") => {
        stopTimer();
        resolve(exchange);
        if (exchange === "stale" || exchange.kind !== "answered") going.destroy();
      };
      const listen = () => {
        connected = true;
        stopTimer();
        stopTimer = clock.after(millis(outgoing.readMs), () => over({ kind: "too-late" }));
      };
      going.on("socket", (socket) => (socket.connecting ? socket.once("connect", listen) : listen()));
      going.on("response", (response) => void collect(response).then(over));
      going.on("error", () => {
        // A kept connection may have been closed by the other side just now; that says nothing about the request.
        if (going.reusedSocket && !fresh) over("stale");
        else over({ kind: connected ? "broken" : "not-connected" });
      });
      going.end(outgoing.body ?? undefined);
    });

  return {
    async send(outgoing) {
      const first = await attempt(outgoing, false);
      if (first !== "stale") return first;
      const second = await attempt(outgoing, true);
      return second === "stale" ? { kind: "broken" } : second;
    },
    close() {
      for (const agent of Object.values(agents)) agent.destroy();
    },
  };
}

async function collect(response: IncomingMessage): Promise<Exchange> {
  try {
    const chunks: Buffer[] = [];
    for await (const chunk of response) chunks.push(chunk as Buffer);
    return {
      kind: "answered",
      status: response.statusCode ?? 0,
      contentType: response.headers["content-type"] ?? "",
      body: Buffer.concat(chunks),
    };
  } catch {
    return { kind: "broken" };
  }
}

/** Keeps path and query as they are written: the receiver checks the signature over those very characters. */
function readTarget(url: string) {
  const { protocol, hostname, port, username, password } = new URL(url);
  const path = /^https?:\/\/[^/?#]*([^#]*)/i.exec(url)?.[1] ?? "";
  const written = path.replace(/[^\x21-\x7e]/g, (character) => encodeURIComponent(character));
  const secret = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return {
    protocol,
    hostname,
    port: port === "" ? null : Number(port),
    path: written.startsWith("/") ? written : `/${written}`,
    auth: username === "" ? null : secret,
  };
}

const withLength = (headers: Record<string, string>, body: string) => ({
  ...headers,
  "content-length": String(Buffer.byteLength(body)),
});
