import { lookup } from "node:dns/promises";
import { request as requestHttp, type ClientRequest, type IncomingMessage } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP, type LookupFunction } from "node:net";
import type { Readable } from "node:stream";
import { millis, seconds, minutes, type Clock } from "#kit";
import { isPublic } from "./addresses.ts";

interface Found {
  address: string;
  family: number;
}

export interface DownloadRules {
  /**
   * Where may be asked, as exact origins. A host of these that is a name must lead to public addresses; one that is an
   * address already was meant as it stands.
   */
  origins: readonly string[];
  headers: Record<string, string>;
  /** Larger ones are not even begun, when their size is announced. */
  most: number;
  clock: Clock;
  signal?: AbortSignal;
  /** Every address of a host; the system's resolver when absent. */
  resolve?: (host: string) => Promise<Found[]>;
}

export type Download =
  | { kind: "body"; body: Readable; type: string | null; size: number | null }
  | { kind: "too-large" }
  /** Any answer but 200, redirects included: they are not followed. */
  | { kind: "status"; status: number; retryAfterMs: number | null }
  /** Nothing was connected to. */
  | { kind: "forbidden"; words: string }
  | { kind: "broken"; words: string };

const ANSWER = seconds(20);
const SILENCE = seconds(20);
const WHOLE = minutes(10);

/**
 * Fetches an address that somebody else named. Credentials and connections go only where `origins` says: the host is
 * resolved once, each of its addresses must be public, and that very address is connected to, so a second answer of
 * its name server changes nothing. No redirects, no proxy, no kept connection, no decompression, no endless waiting.
 * The body must be read to its end or destroyed; how long it may get is for the reader to count (`Spool`).
 */
export async function download(address: string, rules: DownloadRules): Promise<Download> {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url || !isListed(url, rules.origins))
    return { kind: "forbidden", words: "the address is not one of the provider's" };
  const found = await addressOf(url, rules.resolve ?? resolveAll);
  return "kind" in found ? found : fetchFrom(url, found, rules);
}

const isListed = (url: URL, origins: readonly string[]): boolean =>
  (url.protocol === "https:" || url.protocol === "http:") &&
  url.username === "" &&
  url.password === "" &&
  origins.includes(url.origin);

const resolveAll = (host: string): Promise<Found[]> => lookup(host, { all: true });

async function addressOf(url: URL, resolve: NonNullable<DownloadRules["resolve"]>): Promise<Found | Download> {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const family = isIP(host);
  if (family !== 0) return { address: host, family };
  const all = await resolve(host).catch(() => []);
  const [first] = all;
  if (!first) return { kind: "broken", words: "the host has no address" };
  if (!all.every(({ address }) => isPublic(address)))
    return { kind: "forbidden", words: "the host leads into a private network" };
  return first;
}

function fetchFrom(url: URL, found: Found, { headers, most, clock, signal }: DownloadRules): Promise<Download> {
  const request = url.protocol === "https:" ? requestHttps : requestHttp;
  return new Promise((resolve) => {
    const out = request(url, {
      agent: false,
      lookup: pinnedTo(found),
      headers: { ...headers, "accept-encoding": "identity", "user-agent": "detour" },
      ...(signal ? { signal } : {}),
    });
    const cancel = clock.after(ANSWER, () => out.destroy(new Error("no answer in time")));
    out.on("error", (error: NodeJS.ErrnoException) => {
      cancel();
      resolve({ kind: "broken", words: error.code ?? error.message });
    });
    out.on("response", (answer) => {
      cancel();
      resolve(read(answer, out, { most, clock }));
    });
    out.end();
  });
}

/** Answers every question for an address with the one that was checked. */
const pinnedTo =
  ({ address, family }: Found): LookupFunction =>
  (_host, options, done) =>
    options.all ? done(null, [{ address, family }]) : done(null, address, family);

function read(
  answer: IncomingMessage,
  out: ClientRequest,
  { most, clock }: Pick<DownloadRules, "most" | "clock">,
): Download {
  const { statusCode: status = 0, headers } = answer;
  const size = headers["content-length"] === undefined ? null : Number(headers["content-length"]);
  const encoding = headers["content-encoding"] ?? "identity";
  const refused: Download | null =
    status !== 200
      ? { kind: "status", status, retryAfterMs: secondsIn(headers["retry-after"]) }
      : encoding !== "identity"
        ? { kind: "broken", words: "the file came compressed" }
        : size !== null && size > most
          ? { kind: "too-large" }
          : null;
  if (refused) {
    out.destroy();
    return refused;
  }
  watch(answer, clock);
  return { kind: "body", body: answer, type: headers["content-type"] ?? null, size };
}

/** Ends a transfer that keeps silent, or that never ends. */
function watch(body: IncomingMessage, clock: Clock): void {
  const giveUp = () => body.destroy(new Error("the transfer took too long"));
  const cancelWhole = clock.after(WHOLE, giveUp);
  let cancelSilence = clock.after(SILENCE, giveUp);
  body.on("data", () => {
    cancelSilence();
    cancelSilence = clock.after(SILENCE, giveUp);
  });
  body.pause();
  // Whoever reads hears of it as well; before somebody does, it must not end the process.
  body.on("error", () => {});
  body.once("close", () => {
    cancelSilence();
    cancelWhole();
  });
}

const secondsIn = (header: string | undefined): number | null => {
  const value = Number(header);
  return header !== undefined && Number.isFinite(value) && value >= 0 ? millis(value * 1000) : null;
};
