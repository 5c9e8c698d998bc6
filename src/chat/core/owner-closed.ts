import type { Conversation, ConversationEvent, Step } from "./conversation.ts";
import { go, hear, stay } from "./moves.ts";
import { readComment, readRating, tappedScore, type Rating } from "./rating.ts";

type Closed = Extract<Conversation, { owner: "closed" }>;
type Wrote = Extract<ConversationEvent, { kind: "customer-wrote" }>;

/** It is over: only the rating may still come; anything else opens a new conversation. */
export function fromClosed(state: Closed, event: ConversationEvent): Step {
  if (event.kind !== "customer-wrote") return stay(state);
  return rate(state, event) ?? commentOn(state, event) ?? openNext(state, event);
}

/** The first score counts. Another tap on the same list changes nothing and disturbs nobody. */
function rate(state: Closed, event: Wrote): Step | null {
  const { rating } = state;
  if (rating.kind !== "asked" || event.at > rating.until) {
    return tappedScore(event.said) === null ? null : stay(state);
  }
  const given = readRating(event.said);
  if (!given) return null;
  const { about, operatorId } = rating;
  const rated: Rating = { kind: "given", about, at: event.at, commented: given.comment !== null };
  return go(
    heard(state, event, rated),
    { do: "rate", of: null, about, operatorId, ...given },
    { do: "tell", line: "thanks" },
  );
}

function commentOn(state: Closed, event: Wrote): Step | null {
  const comment = readComment(state.rating, event.said, event.at);
  if (comment === null || state.rating.kind !== "given") return null;
  return go(
    heard(state, event, { ...state.rating, commented: true }),
    { do: "comment", comment },
    { do: "tell", line: "comment-noted" },
  );
}

/** A rating waits for nobody's answer. */
const heard = (state: Closed, event: Wrote, rating: Rating): Closed => ({
  ...hear(state, event),
  unanswered: [],
  waitingSince: null,
  rating,
});

function openNext(state: Closed, { at }: Wrote): Step {
  const { rating } = state;
  if (rating.kind !== "asked" || at > rating.until) return go(state, { do: "open-next", question: null });
  const { about, operatorId, until } = rating;
  return go(state, { do: "open-next", question: { about, operatorId, until } });
}
