import type { HandOffReason } from "#bot";
import { later, type Instant, type OperatorId } from "#kit";
import { beginBurst, remember, type Said } from "./burst.ts";
import type { Common, Conversation, ConversationEvent, Effect, Rules, Step } from "./conversation.ts";
import { tappedScore, type Rating } from "./rating.ts";

/** Moves that several owners share. All pure. */
type Event<Kind extends ConversationEvent["kind"]> = Extract<ConversationEvent, { kind: Kind }>;

export const stay = (state: Conversation): Step => ({ state, effects: [] });
export const go = (state: Conversation, ...effects: Effect[]): Step => ({ state, effects });

/** The part of a state that does not depend on its owner. */
const commonPart = (state: Conversation): Common => ({
  bursts: state.bursts,
  memory: state.memory,
  botSpoke: state.botSpoke,
  spokesman: state.spokesman,
  unanswered: state.unanswered,
  waitingSince: state.waitingSince,
  heardAt: state.heardAt,
  question: state.question,
  engagedWith: state.engagedWith,
});

const ANSWERED = { unanswered: [] as Said[], waitingSince: null };

/** The customer's message waits for an answer; session windows are counted from it. */
export const hear = <S extends Conversation>(state: S, event: Event<"customer-wrote">): S => ({
  ...state,
  unanswered: remember(state.unanswered, event.said),
  waitingSince: state.waitingSince ?? event.at,
  heardAt: state.heardAt !== null && state.heardAt > event.wroteAt ? state.heardAt : event.wroteAt,
});

/** A late tap on the question of the conversation before is that rating and nothing else; null for any other message. */
export function lateRating(state: Conversation, event: Event<"customer-wrote">): Step | null {
  const score = tappedScore(event.said);
  if (score === null) return null;
  const { question } = state;
  if (question === null || event.at > question.until) return stay(state);
  const rate: Effect = {
    do: "rate",
    of: question.conversationId,
    about: question.about,
    operatorId: question.operatorId,
    score,
    comment: null,
  };
  return go({ ...state, question: null }, rate, { do: "tell", line: "thanks" });
}

/** Nobody of the house has the floor until an operator is found. */
export const toQueue = (state: Conversation, since: Instant): Conversation => ({
  ...commonPart(state),
  owner: "queue",
  since,
});

/** Why people go on: the bot says so, or its words may never have arrived. */
export type HandOverReason = HandOffReason | "delivery-unknown";

/** Ends the bot's part: the record says why. */
export const handedOver = (because: HandOverReason): Effect[] => [
  { do: "record", kind: "chat.handed-over", data: { because } },
  { do: "seek-operator" },
];

/** An operator has the floor from now on. */
export const toOperator = (state: Conversation, operatorId: OperatorId): Conversation => ({
  ...commonPart(state),
  owner: "operator",
  operatorId,
});

/** A person's word: it answers everything that was said before. */
export function replied(state: Conversation, { operatorId }: Event<"operator-replied">): Step {
  const tookOver = state.owner !== "operator";
  const owner = state.owner === "operator" ? state.operatorId : operatorId;
  const effects: Effect[] = [{ do: "record", kind: "chat.operator-replied", operatorId, data: {} }];
  if (tookOver) effects.unshift(assignedRecord(operatorId, "took-over"));
  return go({ ...toOperator(state, owner), ...ANSWERED, spokesman: operatorId }, ...effects);
}

export const assignedRecord = (operatorId: OperatorId, reason: string): Effect => ({
  do: "record",
  kind: "chat.assigned",
  operatorId,
  data: { reason },
});

/** Given to a person, or back to everybody. */
export function transferred(state: Conversation, event: Event<"transferred">): Step {
  const { to, at, by } = event;
  const record: Effect = {
    do: "record",
    kind: "chat.transferred",
    operatorId: by,
    data: { to: to === "queue" ? "queue" : "operator" },
  };
  if (to === "queue") return go(toQueue(state, state.waitingSince ?? at), record, { do: "seek-operator" });
  return go(toOperator(state, to), record, assignedRecord(to, "transferred"), { do: "seek-operator" });
}

/** The bot gets the floor back, together with everything nobody has answered. */
export function returnedToBot(state: Conversation, { at, by }: Event<"returned-to-bot">): Step {
  const record: Effect = { do: "record", kind: "chat.transferred", operatorId: by, data: { to: "bot" } };
  const waits = state.unanswered.length > 0;
  const bursts = state.bursts + (waits ? 1 : 0);
  const burst = waits ? beginBurst(bursts, state.unanswered, at) : null;
  const rest = { ...commonPart(state), ...(waits ? {} : ANSWERED) };
  return go({ ...rest, owner: "bot", bursts, burst, next: null }, record, { do: "seek-operator" });
}

/** The end. The rating is asked here and nowhere else, and only when the question may still be sent. */
export function close(
  state: Conversation,
  end: { at: Instant; by: OperatorId | "bot"; outcome: string | null },
  rules: Rules,
): Step {
  const rating = ratingAfter(state, end.at, rules);
  const effects: Effect[] = [
    {
      do: "record",
      kind: "chat.closed",
      operatorId: end.by === "bot" ? null : end.by,
      data: { by: end.by === "bot" ? "bot" : "operator", outcome: end.outcome },
    },
  ];
  if (rating.kind === "asked") effects.push({ do: "ask-rating", about: rating.about, operatorId: rating.operatorId });
  effects.push({ do: "seek-operator" });
  return go({ ...commonPart(state), ...ANSWERED, question: null, owner: "closed", at: end.at, rating }, ...effects);
}

/** The customer is gone and cannot be asked anything. Not an end anybody may count as a success. */
export const left = (state: Conversation, at: Instant): Step =>
  go(
    { ...commonPart(state), ...ANSWERED, question: null, owner: "closed", at, rating: { kind: "not-asked" } },
    { do: "record", kind: "chat.left", data: { because: "blocked" } },
    { do: "seek-operator" },
  );

function ratingAfter(state: Conversation, at: Instant, rules: Rules): Rating {
  const served = state.botSpoke || state.spokesman !== null;
  if (!served || !isWindowOpen(state, at, rules)) return { kind: "not-asked" };
  const about = state.spokesman === null ? "bot" : "operator";
  return { kind: "asked", about, operatorId: state.spokesman, until: later(at, rules.ratingWindow) };
}

/** Whether free text may be sent to this customer now. */
export const isWindowOpen = (
  state: Pick<Common, "heardAt">,
  at: Instant,
  { freeTextWindow }: Pick<Rules, "freeTextWindow">,
): boolean => state.heardAt !== null && (freeTextWindow === null || at < later(state.heardAt, freeTextWindow));
