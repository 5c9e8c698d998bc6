import type { Turn } from "#bot";
import {
  unreachable,
  type CallId,
  type ConversationId,
  type Instant,
  type Json,
  type JsonObject,
  type Millis,
  type OperatorId,
} from "#kit";
import { burstDueAt, type Burst, type BurstRules, type Said } from "./burst.ts";
import { fromBot } from "./owner-bot.ts";
import { fromClosed } from "./owner-closed.ts";
import { fromOperator, fromQueue } from "./owner-people.ts";
import type { OpenQuestion, RatedParty, Rating, Score } from "./rating.ts";

/**
 * Who speaks with the customer: one owner at a time.
 *
 *                 ┌──────────── returned-to-bot ─────────────┐
 *                 ▼                                          │
 *     opened ─▶  bot ── bot-turned with a hand-off ──▶ queue ┼─ assigned ──▶ operator ─┐
 *                 │     bot-failed, too slow, lost      ▲ │  │                  ▲ │ ▲  │
 *                 │                                     │ └──┼─ operator-replied┘ │ └──┘ transferred
 *                 │                                     └────┼─── transferred ────┘
 *                 │  bot-turned and finished                 │ closed by a person, from anywhere
 *                 └───────────────▶ closed ◀─────────────────┘ or blocked while no person has it
 *                                     └─ one question 1–5; whoever writes again opens a new conversation
 *
 * Promises, in every order, doubling and loss of events: one answer per burst; a human's word silences the bot at
 * once; while the bot owns the floor and somebody waits, something is due; the rating is asked at most once.
 */
export type Conversation = Common &
  (
    | { owner: "bot"; burst: Burst | null; /** What came while the bot was thinking. */ next: Burst | null }
    | { owner: "queue"; since: Instant }
    | { owner: "operator"; operatorId: OperatorId }
    | { owner: "closed"; at: Instant; rating: Rating }
  );

/** What is true whoever owns the floor. */
export interface Common {
  /** Bursts so far; the number of the newest. */
  bursts: number;
  /** What the bot asked to be given back. */
  memory: Json;
  botSpoke: boolean;
  /** Who of the people spoke last. */
  spokesman: OperatorId | null;
  /** What waits for an answer since when. */
  unanswered: Said[];
  waitingSince: Instant | null;
  /** The session window is counted from here. */
  heardAt: Instant | null;
  /** A late tap on the question of the conversation before still counts. */
  question: OpenQuestion | null;
  /** The call whose router knows already that the customer writes here. */
  engagedWith: CallId | null;
}

/** The bot's turn with what the chat adds: the words on a button that shares the customer's number. */
export type ChatTurn = Turn & { askPhone?: string };

export type ConversationEvent =
  | { kind: "customer-wrote"; at: Instant; /** By the provider's clock. */ wroteAt: Instant; said: Said }
  /** Nothing can be sent until the customer writes again. */
  | { kind: "blocked"; at: Instant }
  | { kind: "burst-ended"; at: Instant }
  | { kind: "bot-turned"; at: Instant; burst: number; turn: ChatTurn }
  | { kind: "bot-failed"; at: Instant; burst: number }
  /** Something a robot said here may never have arrived, and is not sent again. */
  | { kind: "words-lost"; at: Instant; saidAt: Instant }
  | { kind: "assigned"; at: Instant; operatorId: OperatorId; reason: string }
  | { kind: "operator-replied"; at: Instant; operatorId: OperatorId }
  | { kind: "operator-noted"; at: Instant; operatorId: OperatorId }
  | { kind: "transferred"; at: Instant; by: OperatorId | null; to: OperatorId | "queue" }
  | { kind: "returned-to-bot"; at: Instant; by: OperatorId }
  | { kind: "closed"; at: Instant; by: OperatorId; outcome: string | null };

export type Effect =
  | { do: "ask-bot"; burst: Burst }
  /** One message: the turn's words, and the hand-over line when a person goes on. */
  | { do: "answer"; turn: ChatTurn | null; handingOver: boolean }
  | { do: "tell"; line: "thanks" | "comment-noted" | "phone-noted" }
  /** Only operators see it. */
  | { do: "note"; line: "words-lost" }
  | { do: "ask-rating"; about: RatedParty; operatorId: OperatorId | null }
  /** `of` is null for this conversation, else the one before. */
  | {
      do: "rate";
      of: ConversationId | null;
      about: RatedParty;
      operatorId: OperatorId | null;
      score: Score;
      comment: string | null;
    }
  | { do: "comment"; comment: string }
  /** This one is over: the message belongs to a new conversation. */
  | { do: "open-next"; question: Omit<OpenQuestion, "conversationId"> | null }
  /** Somebody waits, or somebody has room. */
  | { do: "seek-operator" }
  | { do: "record"; kind: string; operatorId?: OperatorId | null; data: JsonObject };

export interface Rules extends BurstRules {
  /** How long free text may follow the customer's last message; null when always. */
  freeTextWindow: Millis | null;
  /** How long an answer to the question 1–5 counts. */
  ratingWindow: Millis;
}

export interface Step {
  state: Conversation;
  effects: Effect[];
}

/** A conversation nobody has said anything in yet: the bot has the floor. */
export const opened = (question: OpenQuestion | null = null): Conversation => ({
  owner: "bot",
  burst: null,
  next: null,
  bursts: 0,
  memory: null,
  botSpoke: false,
  spokesman: null,
  unanswered: [],
  waitingSince: null,
  heardAt: null,
  question,
  engagedWith: null,
});

/** Pure. Events that come late, twice or out of order leave the state as it is. */
export function step(state: Conversation, event: ConversationEvent, rules: Rules): Step {
  switch (state.owner) {
    case "bot":
      return fromBot(state, event, rules);
    case "queue":
      return fromQueue(state, event, rules);
    case "operator":
      return fromOperator(state, event, rules);
    case "closed":
      return fromClosed(state, event);
    default:
      return unreachable(state);
  }
}

/** When the conversation must be looked at though nothing happens. */
export const dueAt = (state: Conversation, rules: BurstRules): Instant | null =>
  state.owner === "bot" && state.burst ? burstDueAt(state.burst, rules) : null;

/** True while an answer to this burst is still wanted. */
export const wantsAnswer = (state: Conversation, burst: number): boolean =>
  state.owner === "bot" && state.burst?.n === burst && state.burst.askedAt !== null;
