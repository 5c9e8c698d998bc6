import type { Locale } from "#kit";

/** What the caller hears and may do next, in order. A provider folder turns it into its own language. */
export type VoiceDocument = VoiceStep[];

export type VoiceStep =
  | { do: "say"; text: string; locale: Locale }
  /** A recording served by us: `hold-music` or a prompt's name. */
  | { do: "play"; sound: string }
  | { do: "pause"; seconds: number }
  /**
   * Speaks `prompt` and listens meanwhile and for `timeoutSeconds` after. The answer comes to `CallHandler.answered`
   * with `turn`; silence comes there too, with empty digits and speech.
   */
  | {
      do: "ask";
      prompt: VoiceStep[];
      turn: string;
      locale: Locale;
      /** How many keys end the answer; null: the caller ends it with `#`. */
      digits: number | null;
      timeoutSeconds: number;
      /** Words to expect; empty: keys only. */
      speechHints: string[];
    }
  /** Takes a place in the provider's queue of this name and asks `CallHandler.waiting` what to hear there. */
  | { do: "enqueue"; queue: string }
  /** Inside the queue: ask `CallHandler.waiting` again, keeping the place. */
  | { do: "keep-waiting" }
  /** Inside the queue: give the place up and go on with `CallHandler.leftQueue`. */
  | { do: "leave-queue" }
  /** On an operator's own leg: be joined with the first caller of this queue. */
  | { do: "take-from-queue"; queue: string; timeoutSeconds: number }
  | { do: "hang-up" };

export interface IncomingCall {
  /** The provider's id of the call. */
  providerCall: string;
  /** As the provider gave it; may be hidden, a SIP address or empty. */
  from: string;
  to: string;
}

/** What the provider tells each time a waiting caller asks what to hear. */
export interface QueueReport {
  providerQueue: string;
  /** 1 = next. The provider's own count. */
  position: number;
  size: number;
  waitedSeconds: number;
}

export interface AnswerToAsk {
  turn: string;
  digits: string;
  speech: string;
}

/** Why a call is no longer in the provider's queue. */
export type LeftQueue = "bridged" | "left" | "hung-up" | "pulled-out" | "queue-full" | "error";

export type CallStatus = "ringing" | "in-progress" | "completed" | "busy" | "no-answer" | "failed" | "cancelled";

/** The caller's side of the conversation with us. Every method may be called twice with the same facts. */
export interface CallHandler {
  arrived(call: IncomingCall): Promise<VoiceDocument>;
  waiting(providerCall: string, report: QueueReport): Promise<VoiceDocument>;
  answered(providerCall: string, answer: AnswerToAsk): Promise<VoiceDocument>;
  /** The call was pulled out of the queue by `Telephone.pullOut`: what it hears now. */
  pulledOut(providerCall: string): Promise<VoiceDocument>;
  /** An operator's leg is being joined with this caller right now. */
  connecting(providerCall: string, operatorCall: string): Promise<VoiceDocument>;
  leftQueue(providerCall: string, how: LeftQueue): Promise<VoiceDocument>;
  /** `sequence` orders statuses of one call; a final status is never left again. */
  statusChanged(providerCall: string, status: CallStatus, sequence: number): Promise<void>;
  /** The operator picked up the leg made by `Telephone.ringOperator`. */
  operatorAnswered(reference: string): Promise<VoiceDocument>;
  /** How the operator's leg ended. */
  operatorLegEnded(reference: string, status: CallStatus): Promise<void>;
  /** What a caller hears when we cannot think: keeps the place, asks again soon. Needs no database. */
  fallback(moment: "arrived" | "waiting" | "answered" | "pulled-out" | "left-queue"): VoiceDocument;
}

export interface PullOut {
  providerQueue: string;
  providerCall: string;
}

export interface OperatorLeg {
  /** The operator's own phone: E.164, `client:name` or a SIP address. */
  endpoint: string;
  /** Ours; comes back in `operatorAnswered`. */
  reference: string;
}

/** What we may ask of a telephone provider. Resolves with bad news too. */
export interface Telephone {
  readonly name: string;
  /** "gone": no longer waiting, so too late, do nothing. "unclear": it may have happened. */
  pullOut(call: PullOut): Promise<"done" | "gone" | "busy" | "unclear">;
  /** Rings the operator's phone once. Not idempotent at the provider: never repeated on "unclear". */
  ringOperator(
    leg: OperatorLeg,
  ): Promise<{ kind: "ringing"; providerCall: string } | { kind: "refused"; words: string } | { kind: "unclear" }>;
  check(): Promise<{ ok: true; facts: Record<string, string> } | { ok: false; sentence: string }>;
}
