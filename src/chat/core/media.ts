import { later, minutes, seconds, hours, millis, unreachable, type Instant, type JsonObject } from "#kit";

/**
 * The life of one file of a message. The message itself was saved before and stands on its own.
 *
 *                ┌──── busy, unclear, damaged, not stored, lost: again later ───┐
 *                ▼                                                              │
 *   inbound ─▶ wanted ──────────────▶ fetching ──────────────┬──────────────────┘
 *                ▲                                           ├─▶ stored ─ kept long enough ─▶ expired
 *                └── an operator asks again ── failed ◀──────┘     ▲
 *                                                              outbound
 *
 * From everywhere but `expired`: the customer takes the message back ─▶ withdrawn.
 *
 * Promises, in every order, doubling and loss of events: what is stored is never fetched again; without an operator's
 * wish nobody is asked more than `MOST_TRIES` times; until it ends, something is due.
 */
export type Media =
  | { at: "wanted"; tries: number; dueAt: Instant }
  /** `dueAt`: when this try counts as lost. */
  | { at: "fetching"; tries: number; dueAt: Instant }
  | { at: "stored"; file: StoredFile }
  | { at: "failed"; because: MediaFailure }
  /** Kept for as long as it was to be, and deleted then. */
  | { at: "expired" }
  | { at: "withdrawn" };

export interface StoredFile {
  sha256: string;
  size: number;
  /** By its content. */
  type: string;
}

export type MediaFailure =
  /** The provider does not have it any more. */
  | "gone"
  | "too-large"
  | "refused"
  /** The channel is not connected here, or carries no files. */
  | "not-connected"
  /** What came was not what the provider had announced, every time. */
  | "damaged"
  /** The provider could not be reached or had no time, every time. */
  | "unreachable"
  /** Our own store could not take it, every time. */
  | "not-stored";

/** How a try ended without a file. */
export type FetchTrouble =
  | { kind: "gone" | "too-large" | "refused" | "not-connected" | "damaged" | "not-stored" | "unclear" }
  | { kind: "busy"; retryAfterMs: number };

export type MediaEvent =
  | { kind: "fetch-began"; at: Instant }
  | { kind: "fetched"; file: StoredFile }
  /** `tries` tells which try it was: late news of an earlier one says nothing about this. */
  | { kind: "fetch-ended"; at: Instant; tries: number; trouble: FetchTrouble }
  /** Its process is gone, or it took too long. */
  | { kind: "fetch-lost"; at: Instant }
  | { kind: "asked-again"; at: Instant }
  | { kind: "kept-long-enough" }
  | { kind: "taken-back" };

export interface MediaStep {
  state: Media;
  /** For the event log; null when nobody needs to know. */
  record: { kind: string; data: JsonObject } | null;
}

const PAUSES = [seconds(5), seconds(30), minutes(3), minutes(15), hours(1), hours(3), hours(6)];

/** Few and far between: providers count failed requests against the whole number. */
export const MOST_TRIES = PAUSES.length + 1;

/** Longer than any transfer may take. */
export const LOST_AFTER = minutes(12);

/** A customer sent a file. */
export const wanted = (at: Instant): Media => ({ at: "wanted", tries: 0, dueAt: at });

/** Pure. Events that come late, twice or out of order leave the state as it is. */
export function step(state: Media, event: MediaEvent): MediaStep {
  switch (event.kind) {
    case "fetch-began":
      return state.at === "wanted" ? begin(state, event.at) : stay(state);
    case "fetched":
      return state.at === "wanted" || state.at === "fetching" || state.at === "failed"
        ? store(event.file)
        : stay(state);
    case "fetch-ended":
      return state.at === "fetching" && state.tries === event.tries ? end(state, event) : stay(state);
    case "fetch-lost":
      return state.at === "fetching" ? again(state, event.at, { kind: "unclear" }) : stay(state);
    case "asked-again":
      return state.at === "failed" || state.at === "wanted" ? askAgain(state, event.at) : stay(state);
    case "kept-long-enough":
      return state.at === "stored" ? go({ at: "expired" }, "media.expired") : stay(state);
    case "taken-back":
      return state.at === "expired" || state.at === "withdrawn"
        ? stay(state)
        : go({ at: "withdrawn" }, "media.withdrawn");
    default:
      return unreachable(event);
  }
}

const stay = (state: Media): MediaStep => ({ state, record: null });
const go = (state: Media, kind: string, data: JsonObject = {}): MediaStep => ({ state, record: { kind, data } });

const begin = ({ tries }: { tries: number }, at: Instant): MediaStep =>
  stay({ at: "fetching", tries: tries + 1, dueAt: later(at, LOST_AFTER) });

const store = (file: StoredFile): MediaStep =>
  go({ at: "stored", file }, "media.stored", { size: file.size, type: file.type });

/** An operator's wish begins a new series of tries, at once. */
const askAgain = (state: Media, at: Instant): MediaStep =>
  go(state.at === "wanted" ? { ...state, dueAt: at } : wanted(at), "media.asked-again");

type Fetching = Extract<Media, { at: "fetching" }>;

function end(state: Fetching, { at, trouble }: Extract<MediaEvent, { kind: "fetch-ended" }>): MediaStep {
  switch (trouble.kind) {
    case "gone":
    case "too-large":
    case "refused":
    case "not-connected":
      return fail(state, trouble.kind);
    case "damaged":
    case "not-stored":
    case "unclear":
    case "busy":
      return again(state, at, trouble);
    default:
      return unreachable(trouble);
  }
}

function again(state: Fetching, at: Instant, trouble: FetchTrouble): MediaStep {
  const because = trouble.kind === "damaged" || trouble.kind === "not-stored" ? trouble.kind : "unreachable";
  const pause = PAUSES[state.tries - 1];
  if (pause === undefined) return fail(state, because);
  const asked = trouble.kind === "busy" ? trouble.retryAfterMs : 0;
  const dueAt = later(at, millis(Math.max(pause, Math.min(asked, PAUSES.at(-1)!))));
  return go({ at: "wanted", tries: state.tries, dueAt }, "media.delayed", { because, tries: state.tries });
}

const fail = ({ tries }: Fetching, because: MediaFailure): MediaStep =>
  go({ at: "failed", because }, "media.failed", { because, tries });
