import { request as requestHttp, type Agent as HttpAgent, type IncomingMessage, type RequestOptions } from "node:http";
import { request as requestHttps, type Agent as HttpsAgent } from "node:https";
import type { Clock, Millis } from "#kit";

/** An answer as it came. */
export interface Answer {
  status: number;
  text: string;
  retryAfter: string | undefined;
}

/** The answer did not come in time. */
export class TooLate extends Error {}

/** The connection and the patience of a request. */
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
export function post(path: string, body: string, line: Line): Promise<Answer> {
  const { base, agent, headers, timeout, largestAnswer, clock } = line;
  const request = base.protocol === "https:" ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const bytes = Buffer.byteLength(body);
    const options = {
      ...base,
      path: `${base.path}${path}`,
      method: "POST",
      agent,
      headers: { ...headers, "content-type": "application/json", "content-length": bytes },
    };
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
    out.end(body);
  });
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
