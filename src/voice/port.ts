import type { Instant, Locale, PhoneNumber } from "#kit";

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
  /** Waits for somebody who is being rung; `CallHandler.meetingWaits` is asked with `reference` what to hear there. */
  | { do: "wait-in-meeting"; meeting: string; reference: string }
  /** Is joined with whoever waits in the meeting, then goes on with `CallHandler.meetingLeft`. */
  | { do: "join-meeting"; meeting: string; reference: string; timeoutSeconds: number }
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

/** How a leg ended that we asked for. `invalid`: the number cannot be called, now or later. */
export type LegEnd = "completed" | "busy" | "no-answer" | "failed" | "invalid" | "cancelled";

/** The leg of somebody we dialled. Every method may be called twice with the same facts. */
export interface CalleeHandler {
  /** The leg made by `Telephone.dial` was picked up. */
  calleeAnswered(reference: string, providerCall: string): Promise<VoiceDocument>;
  /** It rings or is talked on. */
  calleeAlive(reference: string, providerCall: string): Promise<void>;
  calleeGone(reference: string, how: LegEnd): Promise<void>;
  /** What whoever waits in a meeting hears meanwhile. */
  meetingWaits(reference: string): Promise<VoiceDocument>;
  /** The two are joined right now: what whoever waited hears just before. `reference` is the dialled leg's. */
  meetingJoined(reference: string): Promise<VoiceDocument>;
  /** The dialled leg is out of its meeting; `met` when the two could hear each other. */
  meetingLeft(reference: string, met: boolean): Promise<VoiceDocument>;
}

/** The caller's side of the conversation with us. Every method may be called twice with the same facts. */
export interface CallHandler extends CalleeHandler {
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

export interface DialledLeg {
  to: PhoneNumber;
  /** The number of ours that is shown; null: the one the account begins with. */
  from: PhoneNumber | null;
  /** Ours; comes back in `CalleeHandler`. */
  reference: string;
  /** Where to be joined when we cannot be asked at the moment it is picked up. */
  meeting: string;
  ringSeconds: number;
}

/** What the provider says about a dial nobody knows the outcome of. */
export type DialFound =
  | { kind: "alive"; providerCall: string }
  | { kind: "over"; how: LegEnd }
  /** It knows of no such call now; one that is still on its way may follow. */
  | { kind: "nothing" }
  /** It cannot be asked. */
  | { kind: "unknown" };

/** Somebody in a queue of the provider, as the provider sees it. */
export interface QueuedCaller {
  providerCall: string;
  /** The name we gave the queue. */
  queue: string;
  providerQueue: string;
  since: Instant;
}

/** What we may ask of a telephone provider. Resolves with bad news too. */
export interface Telephone {
  readonly name: string;
  /** False without an account: nobody can be rung, and nothing is asked of the provider by itself. */
  readonly connected: boolean;
  /** "gone": no longer waiting, so too late, do nothing. "unclear": it may have happened. */
  pullOut(call: PullOut): Promise<"done" | "gone" | "busy" | "unclear">;
  /** Rings the operator's phone once. Not idempotent at the provider: never repeated on "unclear". */
  ringOperator(
    leg: OperatorLeg,
  ): Promise<{ kind: "ringing"; providerCall: string } | { kind: "refused"; words: string } | { kind: "unclear" }>;
  /** Rings a customer's phone once. Not idempotent either: on "unclear" ask `findDial` before dialling again. */
  dial(leg: DialledLeg): Promise<
    | { kind: "ringing"; providerCall: string }
    /** `number`: this number cannot be called, now or later. */
    | { kind: "refused"; because: "number" | "trouble"; words: string }
    | { kind: "unclear" }
  >;
  /**
   * What became of a dial to this number asked for since then. `providerCall` is its name when we heard it; `others` are
   * legs that are known to be something else.
   */
  findDial(dial: {
    to: PhoneNumber;
    since: Instant;
    providerCall: string | null;
    others: string[];
  }): Promise<DialFound>;
  /** Ends a leg of ours, ringing or not. "gone": it is over already. */
  hangUp(providerCall: string): Promise<"done" | "gone" | "busy" | "unclear">;
  /** Everybody who waits in the provider's queues of these names; null when it cannot be asked. */
  queued(queues: string[]): Promise<QueuedCaller[] | null>;
  /** Who calls on this line; null when it is over or cannot be asked. */
  callerOf(providerCall: string): Promise<Omit<IncomingCall, "providerCall"> | null>;
  check(): Promise<{ ok: true; facts: Record<string, string> } | { ok: false; sentence: string }>;
}
