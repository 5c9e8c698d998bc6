import { createLine } from "../kit/line.ts";

/** What goes wrong on purpose. Change any field at any moment. */
export interface TelegramFaults {
  /** Updates on their way to the application. */
  updates: {
    /** How late every webhook starts. */
    delayMs: number;
    /** How many more times every update is sent. */
    extraCopies: number;
    /** Every webhook waits a random time up to this, so they overtake each other. */
    shuffleMs: number;
  };
  /** Calls the application makes. */
  api: {
    /** Methods that are struck; empty strikes all. */
    methods: string[];
    /** How long every answer takes; the call is carried out at once. */
    delayMs: number;
    /** Refuse with this status instead of carrying out. */
    status: 429 | 500 | 502 | null;
    /** Seconds in a 429's `retry_after`. */
    retryAfter: number;
    /** Carry out, then break the connection instead of answering. */
    cutAfterAccept: boolean;
    /** Break the connection without carrying out. */
    cutBeforeAccept: boolean;
    /** How likely a fault strikes. */
    chance: number;
    /** Nobody listens: connections are refused. */
    down: boolean;
  };
}

/** Sets every field back in place, so that whoever holds the faults sees it. */
export function clearFaults(faults: TelegramFaults): void {
  Object.assign(faults.updates, { delayMs: 0, extraCopies: 0, shuffleMs: 0 });
  Object.assign(faults.api, {
    methods: [],
    delayMs: 0,
    status: null,
    retryAfter: 14,
    cutAfterAccept: false,
    cutBeforeAccept: false,
    chance: 1,
    down: false,
  });
}

/** Nothing goes wrong. `onDown` is told whenever `api.down` changes. */
export function createFaults(onDown: (down: boolean) => void): TelegramFaults {
  const faults = {
    updates: {},
    api: createLine(onDown),
  } as TelegramFaults;
  clearFaults(faults);
  return faults;
}
