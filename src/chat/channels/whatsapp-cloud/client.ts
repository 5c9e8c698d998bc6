import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import axios, { AxiosError } from "axios";
import { millis } from "#kit";
import type { Clock, JsonObject } from "#kit";
import { TooLate, post } from "./post.ts";
import type { GraphApi } from "./settings.ts";

/** How a request ended. Only `unsent` promises that the provider has not seen it. */
export type Reply =
  | { kind: "answered"; status: number; body: unknown; retryAfterMs: number | null }
  | { kind: "unsent"; words: string }
  | { kind: "lost"; words: string };

/** Speaks HTTP with the Cloud API for any number of accounts; knows nothing about messages. */
export interface Client {
  post(token: string, path: string, body: JsonObject): Promise<Reply>;
  get(token: string, path: string): Promise<Reply>;
  close(): void;
}

const LARGEST_ANSWER = 1024 * 1024;
const IDLE_CONNECTION_MS = 10_000;

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

/** A client with kept connections, a deadline by our own clock, no proxy and no redirects. */
export function createClient(api: GraphApi, clock: Clock): Client {
  const agent = { keepAlive: true, timeout: IDLE_CONNECTION_MS };
  const httpAgent = new HttpAgent(agent);
  const httpsAgent = new HttpsAgent(agent);
  const base = `${api.baseUrl}/${api.apiVersion}`;
  const http = axios.create({
    baseURL: base,
    httpAgent,
    httpsAgent,
    proxy: false,
    maxRedirects: 0,
    maxContentLength: LARGEST_ANSWER,
    maxBodyLength: LARGEST_ANSWER,
    responseType: "text",
    transformResponse: (text: unknown) => text,
    validateStatus: () => true,
  });

  const headers = (token: string) => ({ accept: "application/json", authorization: `Bearer ${token}` });
  const timeout = millis(api.timeoutMs);
  const line = {
    agent: base.startsWith("https:") ? httpsAgent : httpAgent,
    timeout,
    largestAnswer: LARGEST_ANSWER,
    clock,
  };

  return {
    async post(token, path, body) {
      try {
        const to = { ...line, headers: headers(token) };
        const { status, text, retryAfter } = await post(new URL(base + path), JSON.stringify(body), to);
        return { kind: "answered", status, body: parse(text), retryAfterMs: secondsIn(retryAfter) };
      } catch (error) {
        return failureOf(error);
      }
    },
    async get(token, path) {
      const deadline = new AbortController();
      const cancel = clock.after(timeout, () => deadline.abort());
      try {
        const {
          status,
          data,
          headers: told,
        } = await http.get<string>(path, {
          headers: headers(token),
          signal: deadline.signal,
        });
        return { kind: "answered", status, body: parse(data), retryAfterMs: secondsIn(told["retry-after"]) };
      } catch (error) {
        return failureOf(error);
      } finally {
        cancel();
      }
    },
    close() {
      httpAgent.destroy();
      httpsAgent.destroy();
    },
  };
}

/** Keeps the code only: the error itself carries the token and the customer's number. */
function failureOf(error: unknown): Reply {
  if (!(error instanceof Error)) throw error;
  const { code = "ERR_UNKNOWN" } = error as { code?: string };
  if (BEFORE_SENDING.has(code)) return { kind: "unsent", words: code };
  const isLate = error instanceof TooLate || code === AxiosError.ERR_CANCELED;
  return { kind: "lost", words: isLate ? "no answer in time" : code };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const secondsIn = (header: unknown): number | null => {
  const seconds = Number(header);
  return header !== undefined && Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : null;
};
