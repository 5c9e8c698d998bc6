import type { DatabaseFacts } from "#db";
import type { Finding } from "./finding.ts";

const GIBIBYTE = 1024 ** 3;
const OLDEST_POSTGRES = 15;
const OLDEST_NODE = 24;
/** Below the first nothing fits any more soon; below the second it is time to think. */
const DISK = { wrong: GIBIBYTE, warning: 5 * GIBIBYTE };
const SKEW_MS = 2000;
/** Headers tell whole seconds, and the answer took its time. */
const SKEW_OF_A_HEADER_MS = 5000;
const CERTIFICATE_DAYS = 14;

/** Whether the program runs on a Node that runs it. Pure, like all of these. */
export function judgeNode(version: string): Finding {
  const isOld = Number.parseInt(version, 10) < OLDEST_NODE;
  return { about: "node", state: isOld ? "wrong" : "well", say: (t) => (isOld ? t.oldNode(version) : t.node(version)) };
}

/** Version, safety, migrations and disk. */
export function judgeDatabase({ version, major, unsafe, missing, sizeBytes, freeBytes }: DatabaseFacts): Finding[] {
  const about = "database" as const;
  const found: Finding[] = [];
  if (major < OLDEST_POSTGRES) found.push({ about, state: "wrong", say: (t) => t.oldPostgres(version) });
  for (const setting of unsafe) found.push({ about, state: "wrong", say: (t) => t.unsafe(setting) });
  if (missing.length > 0) found.push({ about, state: "warning", say: (t) => t.notMigrated(missing.length) });
  if (found.length === 0) found.push({ about, state: "well", say: (t) => t.database(version, sizeBytes) });
  return [...found, judgeDisk(freeBytes)];
}

/** How much is free where the data lies; null when that cannot be seen from here. */
export function judgeDisk(freeBytes: number | null): Finding {
  const about = "disk" as const;
  if (freeBytes === null) return { about, state: "well", say: (t) => t.diskElsewhere };
  if (freeBytes < DISK.wrong) return { about, state: "wrong", say: (t) => t.diskFull(freeBytes) };
  if (freeBytes < DISK.warning) return { about, state: "warning", say: (t) => t.diskLow(freeBytes) };
  return { about, state: "well", say: (t) => t.disk(freeBytes) };
}

/** A clock beside ours. */
export interface OtherClock {
  /** Null: the database's. */
  name: string | null;
  /** How far ours is ahead. */
  aheadMs: number;
  /** Told in whole seconds. */
  isCoarse: boolean;
}

/** Clocks of several processes and of the database must agree, for moments are compared between them. */
export function judgeClocks(others: OtherClock[]): Finding[] {
  const about = "clock" as const;
  const off = others.filter(({ aheadMs, isCoarse }) => Math.abs(aheadMs) > (isCoarse ? SKEW_OF_A_HEADER_MS : SKEW_MS));
  if (off.length > 0)
    return off.map(({ name, aheadMs }) => ({
      about,
      state: "wrong",
      say: (t) => t.clockOff(name ?? t.ofTheDatabase, aheadMs),
    }));
  if (others.length === 0) return [];
  return [{ about, state: "well", say: (t) => t.clock(others.map(({ name }) => name ?? t.ofTheDatabase)) }];
}

/** What came of asking for our own public address. */
export type Reach =
  | { kind: "alive"; certificateUntil: number | null }
  | { kind: "unknown-name" }
  | { kind: "bad-certificate"; words: string }
  | { kind: "no-answer"; words: string }
  | { kind: "nobody-behind"; status: number }
  | { kind: "somebody-else"; status: number };

/** Whether others reach us, seen from here. */
export function judgeReach(url: string, port: number, reach: Reach, now: number): Finding {
  const about = "address" as const;
  const wrong = (say: Finding["say"]): Finding => ({ about, state: "wrong", say });
  const { hostname } = new URL(url);
  switch (reach.kind) {
    case "unknown-name":
      return wrong((t) => t.unknownName(hostname));
    case "bad-certificate":
      return wrong((t) => t.badCertificate(url, reach.words));
    case "no-answer":
      return wrong((t) => t.noAnswer(url, reach.words));
    case "nobody-behind":
      return wrong((t) => t.nobodyBehind(url, reach.status, port));
    case "somebody-else":
      return wrong((t) => t.somebodyElse(url, reach.status, port));
    case "alive":
      return judgeCertificate(url, reach.certificateUntil, now);
  }
}

function judgeCertificate(url: string, until: number | null, now: number): Finding {
  const about = "address" as const;
  const days = until === null ? null : Math.floor((until - now) / 86_400_000);
  if (days !== null && days < CERTIFICATE_DAYS)
    return { about, state: "warning", say: (t) => t.certificateEnds(url, days) };
  return { about, state: "well", say: (t) => t.address(url) };
}
