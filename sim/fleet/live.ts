import type { Saved } from "./hotline.ts";

/** The truth about one call, beside what the product has saved. */
export interface Live {
  saved: Saved;
  arrivedAt: number;
  /** Where the caller really is. */
  at: "queue" | "outside" | "talking" | "away";
  /** Counts what the provider asked for this call: only the newest document is heard. */
  visit: number;
  endedBy: "caller" | "us" | "parties" | null;
  invited: boolean;
  /** What really became of the message. */
  message: "none" | "sent" | "delivered" | "failed";
  /** What had become of it when we hung up. */
  atHangUp: Live["message"];
  /** True once the product was told that the message failed. */
  failureTold: boolean;
  /** Hung up after the promise of a callback. */
  promised: boolean;
  onMessenger: boolean;
  pressedAt: number | null;
  /** A process died while it served this call: the caller heard a fallback document. */
  disturbed: boolean;
}
