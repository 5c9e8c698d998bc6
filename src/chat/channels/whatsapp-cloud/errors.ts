import type { RefusalReason, SendOutcome } from "../../channel.ts";
import type { MetaError } from "./schema.ts";

/**
 * What an error code of the Cloud API means for us (docs/chat.md lists them).
 *
 * `refused`: this message will never go out like this. `later`: nothing has left, and trying again may help.
 * `alarm`: the whole number or account is affected, so nobody should be offered this channel now.
 */
type Meaning =
  | { kind: "refused"; because: RefusalReason }
  | { kind: "later"; retryAfterMs: number }
  | { kind: "alarm"; retryAfterMs: number };

const refused = (because: RefusalReason): Meaning => ({ kind: "refused", because });
const later = (retryAfterMs: number): Meaning => ({ kind: "later", retryAfterMs });
const alarm = (retryAfterMs: number): Meaning => ({ kind: "alarm", retryAfterMs });

const SOON = 2_000;
const PAIR_PAUSE = 6_000;
const MINUTE = 60_000;
const QUARTER = 15 * MINUTE;

const groups: [Meaning, number[]][] = [
  [refused("not-here"), [131026, 131021, 131030]],
  [refused("window-closed"), [131047, 470]],
  [refused("not-now"), [131049, 130472]],
  [refused("opted-out"), [131050, 130403]],
  [
    refused("invalid"),
    [100, 131008, 131009, 131051, 131052, 131053, 131062, 132000, 132001, 132005, 132007, 132012, 132018, 135000],
  ],
  [refused("not-allowed"), [132015, 132016, 131063]],
  [later(SOON), [130429, 1, 2, 131000, 131016, 133004]],
  [later(PAIR_PAUSE), [131056]],
  [later(MINUTE), [80007, 4, 131057]],
  [alarm(QUARTER), [131048, 131064, 368, 131031, 130497, 131042, 131037, 131045, 33]],
  [alarm(MINUTE), [0, 3, 10, 190, 131005]],
];

const meanings = new Map(groups.flatMap(([meaning, codes]) => codes.map((code) => [code, meaning] as const)));

/** Object not found or not ours, told as a subcode of 100: the number id or the token is wrong. */
const WRONG_OBJECT = 33;

/** The meaning of a code, or null for one the table does not know. HTTP statuses and titles decide nothing. */
function meaningOf(error: MetaError): Meaning | null {
  if (error.code === 100 && error.error_subcode === WRONG_OBJECT) return alarm(MINUTE);
  const known = meanings.get(error.code);
  if (known) return known;
  if (error.code >= 200 && error.code <= 299) return alarm(MINUTE);
  if (error.code >= 133000 && error.code <= 133016) return alarm(QUARTER);
  return null;
}

/** The provider's own words, the detailed ones when there are any. */
export const wordsOf = (error: MetaError): string =>
  error.error_data?.details ?? error.message ?? error.title ?? "No explanation was given.";

/** True when an error speaks about the number or the account and not about one message. */
export const affectsAccount = (error: MetaError): boolean => meaningOf(error)?.kind === "alarm";

/** What an error answered to a send means; `httpStatus` only decides about codes nobody has written down. */
export function outcomeOf(error: MetaError, httpStatus: number, retryAfterMs: number | null): SendOutcome {
  const meaning = meaningOf(error);
  const code = String(error.code);
  const words = wordsOf(error);
  if (meaning?.kind === "refused") return { kind: "refused", because: meaning.because, code, words };
  if (meaning?.kind === "alarm") {
    return {
      kind: "busy",
      retryAfterMs: retryAfterMs ?? meaning.retryAfterMs,
      alarm: `${code}: ${words}`,
    };
  }
  if (meaning) return { kind: "busy", retryAfterMs: retryAfterMs ?? meaning.retryAfterMs };
  if (httpStatus === 429) return { kind: "busy", retryAfterMs: retryAfterMs ?? SOON };
  if (httpStatus >= 500) return { kind: "unclear", words: `${code}: ${words}` };
  return { kind: "refused", because: "invalid", code, words };
}

/** Why a message failed after it had been accepted. It is over by then, so "later" is only "not now". */
export function refusalOf(error: MetaError): {
  because: RefusalReason;
  code: string;
  words: string;
} {
  const meaning = meaningOf(error);
  const because = meaning === null ? "invalid" : reasonOf(meaning);
  return { because, code: String(error.code), words: wordsOf(error) };
}

function reasonOf(meaning: Meaning): RefusalReason {
  if (meaning.kind === "refused") return meaning.because;
  return meaning.kind === "later" ? "not-now" : "not-allowed";
}
