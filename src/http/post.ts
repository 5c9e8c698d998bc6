import { request as requestHttp, type Agent as HttpAgent, type IncomingMessage, type RequestOptions } from "node:http";
import { request as requestHttps, type Agent as HttpsAgent } from "node:https";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { Clock, Millis } from "#kit";

/** An answer as it came. */
export interface Answer {
  status: number;
  text: string;
  retryAfter: string | undefined;
}

/** The answer did not come in time. */
export class TooLate extends Error {}

/** How to reach a provider. */
export interface Line {
  /** Where all paths begin, taken apart once. */
  base: RequestOptions;
  agent: HttpAgent | HttpsAgent;
  headers: Record<string, string>;
  timeout: Millis;
  largestAnswer: number;
  clock: Clock;
}

/**
 * One POST over Node's own client: every message takes this way, and axios took 14 % of the CPU there
 * (docs/performance.md). No redirects, no proxy, an answer of limited size. Rejects with Node's error or `TooLate`.
 */
export function post(path: string, body: string | Readable, line: Line): Promise<Answer> {
  const { base, agent, timeout, largestAnswer, clock } = line;
  const request = base.protocol === "https:" ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const options = { ...base, path: `${base.path}${path}`, method: "POST", agent, headers: headersOf(body, line) };
    const out = request(options, (answer) => readAll(answer, largestAnswer).then(finish, fail));
    const cancel = clock.after(timeout, () => fail(new TooLate("no answer in time")));
    function finish(answer: Answer) {
      cancel();
      resolve(answer);
    }
    function fail(error: Error) {
      cancel();
      out.destroy();
      reject(error);
    }
    out.on("error", fail);
    if (typeof body === "string") out.end(body);
    else pipeline(body, out).catch(fail);
  });
}

/** JSON unless the caller says otherwise; of a stream nobody knows the length. */
const headersOf = (body: string | Readable, { headers }: Line) => ({
  "content-type": "application/json",
  ...headers,
  ...(typeof body === "string" ? { "content-length": Buffer.byteLength(body) } : {}),
});

/** Errors that arise while the connection is being made, before a byte of the request has left. */
const BEFORE_SENDING = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "ERR_TLS_CERT_ALTNAME_INVALID",
]);

/** Why there was no answer. Only `unsent` promises that the provider has not seen the request. */
export type NoAnswer = { kind: "unsent" | "lost"; words: string };

/** Keeps the code only: errors may carry tokens and numbers. */
export function noAnswer(error: Error): NoAnswer {
  const { code = "ERR_UNKNOWN" } = error as { code?: string };
  if (BEFORE_SENDING.has(code)) return { kind: "unsent", words: code };
  return { kind: "lost", words: error instanceof TooLate ? "no answer in time" : code };
}

/** Reads an answer to its end. */
export function readAll(answer: IncomingMessage, most: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    answer.on("data", (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > most) return reject(new Error("the answer is too long"));
      chunks.push(chunk);
    });
    answer.on("error", reject);
    answer.on("aborted", () => reject(new Error("the answer broke off")));
    answer.on("end", () =>
      resolve({
        status: answer.statusCode ?? 0,
        text: Buffer.concat(chunks).toString("utf8"),
        retryAfter: answer.headers["retry-after"],
      }),
    );
  });
}
