import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { urlToHttpOptions } from "node:url";
import axios, { AxiosError } from "axios";
import { noAnswer, post, TooLate, type NoAnswer } from "#http";
import { millis } from "#kit";
import type { Clock, JsonObject } from "#kit";
import { upload, type UploadForm } from "./upload.ts";
import type { GraphApi } from "./settings.ts";

/** How a request ended. Only `unsent` promises that the provider has not seen it. */
export type Reply = { kind: "answered"; status: number; body: unknown; retryAfterMs: number | null } | NoAnswer;

/** Speaks HTTP with the Cloud API for any number of accounts; knows nothing about messages. */
export interface Client {
  post(token: string, path: string, body: JsonObject): Promise<Reply>;
  get(token: string, path: string): Promise<Reply>;
  /** A form with one file, read from its beginning. */
  upload(token: string, path: string, form: UploadForm): Promise<Reply>;
  close(): void;
}

const LARGEST_ANSWER = 1024 * 1024;
const IDLE_CONNECTION_MS = 10_000;

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
  const host = urlToHttpOptions(new URL(base));
  const line = {
    base: host,
    agent: host.protocol === "https:" ? httpsAgent : httpAgent,
    timeout,
    largestAnswer: LARGEST_ANSWER,
    clock,
  };

  return {
    async post(token, path, body) {
      try {
        const to = { ...line, headers: headers(token) };
        const { status, text, retryAfter } = await post(path, JSON.stringify(body), to);
        return { kind: "answered", status, body: parse(text), retryAfterMs: secondsIn(retryAfter) };
      } catch (error) {
        return failureOf(error);
      }
    },
    async upload(token, path, form) {
      try {
        const to = { ...line, headers: headers(token) };
        const { status, text, retryAfter } = await upload(new URL(base + path), form, to);
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

/** axios reports our own deadline as a cancelled request. */
function failureOf(error: unknown): Reply {
  if (!(error instanceof Error)) throw error;
  const isLate = (error as { code?: string }).code === AxiosError.ERR_CANCELED;
  return noAnswer(isLate ? new TooLate() : error);
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
