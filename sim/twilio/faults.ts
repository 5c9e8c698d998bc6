/** What goes wrong on purpose. Change any field at any moment. */
export interface TwilioFaults {
  /** Requests Twilio makes to the application. */
  webhook: {
    /** How late every request starts. */
    delayMs: number;
    /** How many more times every request is sent, all with the same idempotency token. */
    extraCopies: number;
    /** Chance that a status callback is never sent. */
    dropChance: number;
    /** Every status callback waits a random time up to this, so they overtake each other. */
    shuffleMs: number;
  };
  /** Requests the application makes to Twilio. */
  rest: {
    /** How long every answer takes; the request is carried out at once. */
    delayMs: number;
    /** Refuse with this status instead of carrying out. */
    status: 429 | 500 | 503 | null;
    /** Carry out, then break the connection instead of answering. */
    cutAfterAccept: boolean;
    /** Only the dialling of this number goes wrong; null: every request. */
    dialling: string | null;
    /** How likely `status` and `cutAfterAccept` strike. */
    chance: number;
  };
}

/** Nothing goes wrong. */
export const createFaults = (): TwilioFaults => ({
  webhook: { delayMs: 0, extraCopies: 0, dropChance: 0, shuffleMs: 0 },
  rest: { delayMs: 0, status: null, cutAfterAccept: false, dialling: null, chance: 1 },
});
