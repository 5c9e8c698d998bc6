/** Why one attempt of a request failed, in the words of Twilio's retry policy. */
export type Failure = "ct" | "rt" | "4xx" | "5xx";

/** How patient Twilio is with one address; set by its fragment, such as `#rc=2&rp=all`. */
interface Patience {
  connectMs: number;
  readMs: number;
  /** All attempts together. */
  totalMs: number;
  retries: number;
  retryOn: ReadonlySet<Failure>;
}

/** An address without its fragment, which is neither signed nor sent. */
interface Address {
  url: string;
  patience: Patience;
}

const EVERY_FAILURE: Failure[] = ["ct", "rt", "4xx", "5xx"];

/** Splits a configured webhook address into what is requested and how. */
export function readAddress(configured: string): Address {
  const [url = "", fragment = ""] = configured.split("#", 2);
  const settings = new URLSearchParams(fragment);
  const between = (name: string, least: number, most: number, usual: number) => {
    const given = Number(settings.get(name) ?? Number.NaN);
    return Number.isNaN(given) ? usual : Math.min(most, Math.max(least, given));
  };
  return {
    url,
    patience: {
      connectMs: between("ct", 100, 10_000, 5_000),
      readMs: between("rt", 100, 15_000, 15_000),
      totalMs: between("tt", 100, 15_000, 15_000),
      retries: between("rc", 0, 5, 1),
      retryOn: readPolicy(settings.get("rp")),
    },
  };
}

/** Without a policy Twilio repeats only what never reached the application. */
function readPolicy(text: string | null): ReadonlySet<Failure> {
  if (text === null) return new Set<Failure>(["ct"]);
  const words = new Set(text.split(",").map((word) => word.trim()));
  if (words.has("all")) return new Set(EVERY_FAILURE);
  return new Set(EVERY_FAILURE.filter((failure) => words.has(failure)));
}

/** An address in a document, seen from the document's own; null when it cannot be one. */
export function resolveUrl(text: string, base: string | null): string | null {
  const address = text.trim();
  if (/^https?:\/\/[^/?#]/i.test(address)) return address;
  if (base === null) return null;
  return URL.parse(address, readAddress(base).url)?.href ?? null;
}
