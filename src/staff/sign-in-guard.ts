import type { Clock, Instant } from "#kit";
import { ACCOUNT_LIMIT, ADDRESS_LIMIT, fail, nextTryAt, type Failures, type Limit } from "./core/throttle.ts";

/** Slows guessing down, per account and per address. Kept in this process: a restart forgives. */
export interface SignInGuard {
  /** Counts a try as failed before it is made, so that many at once gain nothing; or says when the next may come. */
  begin(email: string, address: string): { kind: "go" } | { kind: "wait"; until: Instant };
  /** The try that began was right after all. */
  succeed(email: string, address: string): void;
  /** The try could not be judged, so it does not count. */
  giveUp(email: string, address: string): void;
}

const MOST_KEYS = 50_000;

/** One for the whole process. */
export function createSignInGuard(clock: Clock): SignInGuard {
  const failures = createBoundedMap<Failures>();
  const familiar = createBoundedMap<true>();

  /** From an address its owner has signed in from, an account has a count of its own that strangers cannot spoil. */
  const accountKey = (email: string, address: string) =>
    familiar.get(pair(email, address)) ? pair(email, address) : email;

  const keysOf = (email: string, address: string): [string, Limit][] => [
    [`account ${accountKey(email, address)}`, ACCOUNT_LIMIT],
    [`address ${address}`, ADDRESS_LIMIT],
  ];

  const takeBack = (key: string) => {
    const known = failures.get(key);
    if (known) failures.set(key, { ...known, count: known.count - 1 });
  };

  return {
    begin(email, address) {
      const keys = keysOf(email, address);
      const until = Math.max(...keys.map(([key, limit]) => nextTryAt(failures.get(key), limit))) as Instant;
      if (until > clock.now()) return { kind: "wait", until };
      for (const [key] of keys) failures.set(key, fail(failures.get(key), clock.now()));
      return { kind: "go" };
    },
    succeed(email, address) {
      failures.delete(`account ${accountKey(email, address)}`);
      takeBack(`address ${address}`);
      familiar.set(pair(email, address), true);
    },
    giveUp(email, address) {
      for (const [key] of keysOf(email, address)) takeBack(key);
    },
  };
}

const pair = (email: string, address: string) => `${email} ${address}`;

/** A map that forgets the oldest when it grows too large. */
function createBoundedMap<Value>() {
  const map = new Map<string, Value>();
  return {
    get: (key: string) => map.get(key),
    delete: (key: string) => map.delete(key),
    set(key: string, value: Value) {
      map.delete(key);
      map.set(key, value);
      if (map.size > MOST_KEYS) map.delete(map.keys().next().value!);
    },
  };
}
