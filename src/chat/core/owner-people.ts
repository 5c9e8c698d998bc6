import { unreachable } from "#kit";
import type { Conversation, ConversationEvent, Rules, Step } from "./conversation.ts";
import {
  assignedRecord,
  close,
  go,
  hear,
  lateRating,
  left,
  replied,
  returnedToBot,
  stay,
  toOperator,
  transferred,
} from "./moves.ts";

type InQueue = Extract<Conversation, { owner: "queue" }>;
type ByOperator = Extract<Conversation, { owner: "operator" }>;

/** Nobody has the floor; whoever is free and fits gets it. */
export function fromQueue(state: InQueue, event: ConversationEvent, rules: Rules): Step {
  switch (event.kind) {
    case "assigned":
      return go(toOperator(state, event.operatorId), assignedRecord(event.operatorId, event.reason));
    case "blocked":
      return left(state, event.at);
    case "transferred":
      return event.to === "queue" ? stay(state) : transferred(state, event);
    default:
      return withPeople(state, event, rules);
  }
}

/** One operator has the floor. */
export function fromOperator(state: ByOperator, event: ConversationEvent, rules: Rules): Step {
  switch (event.kind) {
    case "assigned":
    case "blocked":
      return stay(state);
    case "transferred":
      return event.to === state.operatorId ? stay(state) : transferred(state, event);
    default:
      return withPeople(state, event, rules);
  }
}

type Rest = Exclude<ConversationEvent, { kind: "assigned" | "transferred" | "blocked" }>;

/** Where a person goes on, the bot's late words count for nothing. */
function withPeople(state: InQueue | ByOperator, event: Rest, rules: Rules): Step {
  switch (event.kind) {
    case "customer-wrote":
      return lateRating(state, event) ?? stay(hear(state, event));
    case "operator-replied":
      return replied(state, event);
    case "returned-to-bot":
      return returnedToBot(state, event);
    case "closed":
      return close(state, event, rules);
    case "burst-ended":
    case "bot-turned":
    case "bot-failed":
    case "words-lost":
    case "operator-noted":
      return stay(state);
    default:
      return unreachable(event);
  }
}
