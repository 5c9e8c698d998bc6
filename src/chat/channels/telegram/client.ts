import { Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { urlToHttpOptions } from "node:url";
import { Api, GrammyError, HttpError, type RawApi } from "grammy";
import { noAnswer, post, type Line, type NoAnswer } from "#http";
import { millis, seconds, type Clock } from "#kit";
import { answerSchema } from "./schema.ts";

/** How a call ended. Only `unsent` promises that Telegram has not seen it. */
export type Reply =
  | { kind: "done"; result: unknown }
  | { kind: "refused"; code: number; words: string; retryAfterMs: number | null }
  /** Something else than the Bot API has answered. */
  | { kind: "foreign"; status: number }
  | NoAnswer;

/** Calls the Bot API for any number of bots; repeats nothing: the outbox knows what may be repeated. */
export interface Client {
  call(token: string, ask: (api: RawApi) => Promise<unknown>): Promise<Reply>;
  /** Breaks off what is under way. */
  close(): void;
}

const LARGEST_ANSWER = 4 * 1024 * 1024;
const IDLE_CONNECTION_MS = 10_000;

/** How long Telegram may hold back the answer to `getUpdates`. */
export const LONG_POLL = seconds(25);

/** An answer without Telegram's `ok`. */
class Foreign extends Error {
  readonly status: number;
  constructor(status: number) {
    super(`HTTP ${status}`);
    this.status = status;
  }
}

/** grammY over our own line: kept connections, deadlines by our own clock, limited answers, no redirects. */
export function createClient({ baseUrl, timeoutMs }: { baseUrl: string; timeoutMs: number }, clock: Clock): Client {
  const options = { keepAlive: true, timeout: IDLE_CONNECTION_MS };
  const agent = baseUrl.startsWith("https:") ? new HttpsAgent(options) : new HttpAgent(options);
  const base = urlToHttpOptions(new URL(baseUrl));
  const apis = new Map<string, Api>();

  const lineFor = (path: string, headers: Record<string, string>): Line => ({
    base: { ...base, path: "" },
    agent,
    clock,
    headers,
    largestAnswer: LARGEST_ANSWER,
    timeout: millis(timeoutMs + (path.endsWith("/getUpdates") ? LONG_POLL : 0)),
  });

  /** The little of `fetch` that grammY uses. */
  async function fetchJson(url: string, { headers, body }: { headers: Record<string, string>; body: string }) {
    const path = new URL(url).pathname;
    const { status, text } = await post(path, body, lineFor(path, headers));
    return { json: async () => answerIn(text) ?? Promise.reject(new Foreign(status)) };
  }

  function apiOf(token: string): Api {
    const known = apis.get(token);
    if (known) return known;
    const api = new Api(token, { apiRoot: baseUrl, fetch: fetchJson });
    apis.set(token, api);
    return api;
  }

  return {
    async call(token, ask) {
      try {
        return { kind: "done", result: await ask(apiOf(token).raw) };
      } catch (error) {
        return failureOf(error);
      }
    },
    close: () => agent.destroy(),
  };
}

function answerIn(text: string): unknown {
  try {
    const body: unknown = JSON.parse(text);
    return answerSchema.safeParse(body).success ? body : null;
  } catch {
    return null;
  }
}

/** Keeps codes and Telegram's words: grammY's errors carry the customer's text. */
function failureOf(error: unknown): Reply {
  if (error instanceof GrammyError) {
    const { error_code: code, description: words, parameters } = error;
    const wait = parameters.retry_after;
    return { kind: "refused", code, words, retryAfterMs: wait === undefined ? null : wait * 1000 };
  }
  const cause = error instanceof HttpError ? error.error : null;
  if (cause instanceof Foreign) return { kind: "foreign", status: cause.status };
  if (cause instanceof Error) return noAnswer(cause);
  throw error;
}
