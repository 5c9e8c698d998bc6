import { unreachable, type Clock } from "#kit";
import { download } from "#media";
import { z } from "zod";
import type { ChannelMedia, FetchOutcome } from "../../channel.ts";
import type { Client, Reply } from "./client.ts";
import { outcomeOf } from "./errors.ts";
import { errorIn } from "./outcome.ts";
import type { Numbers } from "./numbers.ts";
import type { GraphApi } from "./settings.ts";

const described = z.object({
  url: z.string(),
  sha256: z.string().optional(),
  file_size: z.coerce.number().optional(),
});
type Described = z.infer<typeof described>;

const RETRY_MS = 5_000;

/** An object that does not exist, or not for us; and a file Meta itself could not get from the customer. */
const GONE = new Set([100, 131052, 131053]);

interface Deps {
  client: Pick<Client, "get">;
  api: Pick<GraphApi, "mediaOrigins">;
  numbers: Pick<Numbers, "find">;
  clock: Clock;
}

/**
 * Files of customers: the id is asked for an address, the address for the file. The address comes from Meta's answer to
 * us, never from a webhook, holds for five minutes, and gets the access token only when it is one of Meta's own.
 * `phone_number_id` is not sent along: Meta then looks for files the number itself has uploaded.
 */
export function createMediaFetcher({ client, api, numbers, clock }: Deps): ChannelMedia {
  return {
    async fetch(account, fileId, { mostBytes, signal }) {
      const token = numbers.find(account)?.accessToken;
      if (token === undefined) return { kind: "not-connected" };
      const rules = { origins: api.mediaOrigins, headers: { authorization: `Bearer ${token}` }, clock };
      for (let addresses = 1; ; addresses += 1) {
        const told = describedBy(await client.get(token, `/${encodeURIComponent(fileId)}`));
        if ("kind" in told) return told;
        if ((told.file_size ?? 0) > mostBytes) return { kind: "too-large" };
        const got = await download(told.url, { ...rules, most: mostBytes, signal });
        if (got.kind === "status" && got.status === 404 && addresses === 1) continue;
        return got.kind === "body" ? { kind: "file", body: got.body, sha256: hexOf(told.sha256) } : troubleOf(got);
      }
    },
  };
}

function describedBy(reply: Reply): Described | Exclude<FetchOutcome, { kind: "file" }> {
  switch (reply.kind) {
    case "unsent":
      return { kind: "busy", retryAfterMs: RETRY_MS };
    case "lost":
      return { kind: "unclear", words: reply.words };
    case "answered": {
      const body = reply.status === 200 ? described.safeParse(reply.body).data : undefined;
      return body ?? refusalIn(reply);
    }
    default:
      return unreachable(reply);
  }
}

function refusalIn({
  status,
  body,
  retryAfterMs,
}: Extract<Reply, { kind: "answered" }>): Exclude<FetchOutcome, { kind: "file" }> {
  const error = errorIn(body);
  if (!error) return { kind: "unclear", words: `HTTP ${status}` };
  if (GONE.has(error.code)) return { kind: "gone" };
  const outcome = outcomeOf(error, status, retryAfterMs);
  switch (outcome.kind) {
    case "refused":
      return { kind: "refused", words: outcome.words };
    case "busy":
      return { kind: "busy", retryAfterMs: outcome.retryAfterMs };
    default:
      return { kind: "unclear", words: `${error.code}` };
  }
}

type Got = Exclude<Awaited<ReturnType<typeof download>>, { kind: "body" }>;

function troubleOf(got: Got): Exclude<FetchOutcome, { kind: "file" }> {
  switch (got.kind) {
    case "too-large":
      return got;
    case "forbidden":
      return { kind: "refused", words: got.words };
    case "broken":
      return { kind: "unclear", words: got.words };
    case "status":
      if (got.status === 429) return { kind: "busy", retryAfterMs: got.retryAfterMs ?? RETRY_MS };
      if (got.status >= 300 && got.status < 400) return { kind: "refused", words: `HTTP ${got.status}` };
      return { kind: "unclear", words: `HTTP ${got.status}` };
    default:
      return unreachable(got);
  }
}

/** Meta writes hashes in base64 in webhooks and in hexadecimal elsewhere. */
function hexOf(sha256: string | undefined): string | null {
  if (sha256 === undefined) return null;
  if (/^[0-9a-f]{64}$/i.test(sha256)) return sha256.toLowerCase();
  const bytes = Buffer.from(sha256, "base64");
  return bytes.length === 32 ? bytes.toString("hex") : null;
}
