/** What goes wrong on purpose. Change any field at any moment. */
export interface WebFaults {
  /** How questions about numbers are answered. */
  lookups: {
    /**
     * `empty`: nobody is registered, as towards a restricted account; `inner-error`: an error inside a result;
     * `rate-overlimit`: the query is refused with 429; `silence`: no answer; `cut`: the line breaks instead.
     */
    answer: "truth" | "empty" | "inner-error" | "rate-overlimit" | "silence" | "cut";
  };
  messages: {
    /** The server never says that it has the message. */
    noAck: boolean;
    /** The server refuses with this code: 463 restricted account, 479 malformed. */
    refuse: number | null;
    /** The line breaks after the message was taken. */
    cutAfterAccept: boolean;
    /** Phones are off: no receipt. */
    neverDelivered: boolean;
  };
  /** Connections are closed before the handshake. */
  down: boolean;
}

/** Nothing goes wrong. */
export const noFaults = (): WebFaults => ({
  lookups: { answer: "truth" },
  messages: { noAck: false, refuse: null, cutAfterAccept: false, neverDelivered: false },
  down: false,
});
