import { between, seconds, type Instant, type Millis, type PhoneNumber } from "#kit";
import type { Deflection, KeepReason, Mode } from "#router";
import type { VoiceDocument } from "#voice";

/**
 * Where a caller is in the conversation with the robot. The caller is in the queue all the while:
 *
 *     waiting ─ offer ─▶ offered ─ 1, 2 ─▶ on-its-way ─ receipt ─▶ leaving ─▶ ended
 *        ▲                 │  │ hidden       ▲    │
 *        │                 │  ▼              │    ├─ too slow ─▶ choice ─ 2 ─▶ leaving (a callback is promised)
 *        │                 │ entering-number │    │                │
 *        │                 │  ▼              │    │                │
 *        │                 │ confirming ─ 1 ─┘    │                │
 *        └─────────────────┴──────────────────────┴────────────────┘        an operator from anywhere: talking
 *
 *     outside of working hours: closed ─ 2 ─▶ leaving (a callback is promised), anything else ─▶ leaving
 */
export type Stage =
  | { at: "waiting" }
  | { at: "offered"; needsNumber: boolean; asked: number }
  | { at: "entering-number"; mode: Mode; tries: number }
  | { at: "confirming-number"; mode: Mode; tries: number; phone: PhoneNumber }
  | { at: "on-its-way"; mode: Mode; segments: number }
  | { at: "choice"; asked: number }
  | { at: "closed"; asked: number }
  | { at: "leaving"; because: "moved" | "callback" | "queue-full" | "closed" }
  | { at: "talking" }
  | { at: "ended" };

/** A question as it was asked. */
interface Question {
  about: Stage;
  at: Instant;
}

/** What is remembered of one call between two requests of the provider. */
export interface Flow {
  stage: Stage;
  announcedAt: Instant | null;
  /** Whether the wait was above the threshold when last considered; null before. */
  above: boolean | null;
  /** The channel that was offered. */
  channel: string | null;
  /** Taken out of the provider's queue and put back: waits in the lane served by first time in the queue. */
  returned: boolean;
  /** What the last question was about: an answer belongs to it, whatever was said meanwhile. */
  question: Question | null;
  /** What was said to the last request of a waiting call. */
  lastWait: { key: string; document: VoiceDocument } | null;
}

export const arrivedFlow: Flow = {
  stage: { at: "waiting" },
  announcedAt: null,
  above: null,
  channel: null,
  returned: false,
  question: null,
  lastWait: null,
};

/** Names one moment of waiting: a provider that repeats a request repeats it too. */
export const waitKey = (report: { providerQueue: string; waitedSeconds: number }): string =>
  `${report.providerQueue}/${report.waitedSeconds}`;

/** Remembers what was said at this moment, so that the same request hears the same. Music needs no memory. */
export function rememberWait(flow: Flow, key: string, document: VoiceDocument): Flow {
  const isPlain = document.every((step) => step.do === "play" || step.do === "keep-waiting");
  return { ...flow, lastWait: isPlain ? null : { key, document } };
}

/** What was said to this very request before; null when it is new. */
export const repeatedWait = (flow: Flow, key: string): VoiceDocument | null =>
  flow.lastWait?.key === key ? flow.lastWait.document : null;

/** What a caller who asks "what now?" is due to hear. */
export type Due =
  /** The receipt is here: tell the deflection that the farewell is served, save, and say goodbye. */
  | { do: "farewell" }
  | { do: "goodbye" }
  | { do: "promise" }
  | { do: "be-patient" }
  | { do: "outcome"; because: KeepReason }
  /** The question was not answered, nor silence reported: it may not have been heard. */
  | { do: "ask-again" }
  | { do: "no-answer" }
  /** Nobody works now: may we call back? */
  | { do: "closed" }
  | { do: "closed-goodbye" }
  | { do: "announce"; consider: boolean }
  | { do: "hold" };

/** How often a question is asked before silence is an answer. */
export const MOST_ASKS = 2;
/** Longer than any question and the silence after it. */
const ANSWER_TIME = seconds(25);

const mayBeAnswering = ({ question }: Flow, now: Instant) =>
  question !== null && between(question.at, now) < ANSWER_TIME;

/** Pure. The deflection decides first: it may have moved on while the caller listened to something else. */
export function whatIsDue(
  flow: Flow,
  deflection: Deflection | null,
  now: Instant,
  { announceEvery, closed }: { announceEvery: Millis; closed: boolean },
): Due {
  const { stage } = flow;
  switch (deflection?.at) {
    case "leaving":
      return { do: "farewell" };
    case "committed":
      return { do: "goodbye" };
    case "owed":
      // Nobody promised it to a caller who seemed gone and is on the line after all.
      if (deflection.because === "gone-without-invite") break;
      return { do: "promise" };
    case "checking":
    case "sending":
      return { do: "be-patient" };
    case "offered":
      if (!isAsking(stage)) return { do: "ask-again" };
      return timesAsked(stage) < MOST_ASKS || mayBeAnswering(flow, now) ? { do: "ask-again" } : { do: "no-answer" };
    case "kept":
      if (stage.at === "on-its-way") return { do: "outcome", because: deflection.because };
      break;
    default:
  }
  if (closed) {
    const isAsked = stage.at === "closed" && stage.asked >= MOST_ASKS && !mayBeAnswering(flow, now);
    return { do: isAsked ? "closed-goodbye" : "closed" };
  }
  const isTime = flow.announcedAt === null || between(flow.announcedAt, now) >= announceEvery;
  return isTime ? { do: "announce", consider: mayOffer(deflection) } : { do: "hold" };
}

/** Only who was never asked, or was silent, is considered for an offer. */
const mayOffer = (deflection: Deflection | null) =>
  deflection === null || (deflection.at === "kept" && deflection.because === "silent");

const isAsking = (stage: Stage) =>
  stage.at === "offered" || stage.at === "entering-number" || stage.at === "confirming-number";

function timesAsked(stage: Stage): number {
  if (stage.at === "offered") return stage.asked;
  return stage.at === "entering-number" || stage.at === "confirming-number" ? stage.tries : 0;
}

/** The name of the provider's queue this caller belongs in. */
export const laneOf = (queue: string, returned: boolean): string => (returned ? `${queue}${RETURNED}` : queue);

const RETURNED = "-returned";

/** The queue a lane belongs to. */
export const queueOfLane = (lane: string): { code: string; returned: boolean } => {
  const returned = lane.endsWith(RETURNED);
  return { code: returned ? lane.slice(0, -RETURNED.length) : lane, returned };
};
