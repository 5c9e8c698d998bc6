import { request as askHttp } from "node:http";
import { request as askHttps } from "node:https";
import type { TLSSocket } from "node:tls";

/** What came back from one request, or why nothing did. */
export type Asked =
  | { kind: "answered"; status: number; body: string; date: number | null; certificateUntil: number | null }
  | { kind: "failed"; code: string; words: string };

interface Question {
  method?: "GET" | "HEAD" | "POST";
  headers?: Record<string, string>;
  body?: string;
}

const PATIENCE_MS = 5000;
const MOST_BODY = 64 * 1024;

/** One request on a connection of its own. Never rejects. */
export function ask(url: string, { method = "GET", headers = {}, body }: Question = {}): Promise<Asked> {
  const begin = url.startsWith("https:") ? askHttps : askHttp;
  return new Promise((resolve) => {
    const fail = (error: NodeJS.ErrnoException) =>
      resolve({ kind: "failed", code: error.code ?? "", words: error.code ?? error.message });
    const asking = begin(url, { method, headers, agent: false, timeout: PATIENCE_MS }, (answer) => {
      const certificate =
        answer.socket && "getPeerCertificate" in answer.socket ? certificateOf(answer.socket as TLSSocket) : null;
      let text = "";
      answer.setEncoding("utf8");
      answer.on("data", (chunk: string) => (text = (text + chunk).slice(0, MOST_BODY)));
      answer.on("error", fail);
      answer.on("end", () =>
        resolve({
          kind: "answered",
          status: answer.statusCode!,
          body: text,
          date: timeOf(answer.headers.date),
          certificateUntil: certificate,
        }),
      );
    });
    asking.on("timeout", () => asking.destroy(Object.assign(new Error("no answer in time"), { code: "ETIMEDOUT" })));
    asking.on("error", fail);
    asking.end(body);
  });
}

const certificateOf = (socket: TLSSocket): number | null => timeOf(socket.getPeerCertificate().valid_to);

function timeOf(text: string | undefined): number | null {
  const time = Date.parse(text ?? "");
  return Number.isNaN(time) ? null : time;
}
