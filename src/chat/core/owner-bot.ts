import { unreachable, type Instant } from "#kit";
import { beginBurst, burstDueAt, extendBurst, type Burst, type Said } from "./burst.ts";
import type { ChatTurn, Conversation, ConversationEvent, Effect, Rules, Step } from "./conversation.ts";
import {
  close,
  go,
  handedOver,
  hear,
  lateRating,
  left,
  replied,
  returnedToBot,
  stay,
  toQueue,
  transferred,
  type HandOverReason,
} from "./moves.ts";

type ByBot = Extract<Conversation, { owner: "bot" }>;

/** The bot has the floor. */
export function fromBot(state: ByBot, event: ConversationEvent, rules: Rules): Step {
  switch (event.kind) {
    case "customer-wrote":
      return (
        lateRating(state, event) ?? sharedPhone(state, event) ?? stay(gather(hear(state, event), event.said, event.at))
      );
    case "burst-ended":
      return askBot(state, event.at, rules);
    case "bot-turned":
      return isAnswerTo(state, event.burst) ? answer(state, event.turn, event.at, rules) : stay(state);
    case "bot-failed":
      return isAnswerTo(state, event.burst) ? handOver(state, null, "bot-failed", event.at) : stay(state);
    case "words-lost":
      return giveUp(state, event.saidAt, event.at);
    case "operator-replied":
      return replied(state, event);
    case "transferred":
      return transferred(state, event);
    case "closed":
      return close(state, event, rules);
    case "returned-to-bot":
      return state.burst || state.unanswered.length === 0 ? stay(state) : returnedToBot(state, event);
    case "blocked":
      return left(state, event.at);
    case "assigned":
    case "operator-noted":
      return stay(state);
    default:
      return unreachable(event);
  }
}

const isAnswerTo = (state: ByBot, burst: number) => state.burst?.n === burst && state.burst.askedAt !== null;

/** A shared number waits for no answer: what it was asked for is offered again, a tap away. */
function sharedPhone(state: ByBot, event: Extract<ConversationEvent, { kind: "customer-wrote" }>): Step | null {
  if (!event.said.phone) return null;
  return go({ ...state, heardAt: hear(state, event).heardAt }, { do: "tell", line: "phone-noted" });
}

/** Once the bot was asked, more messages are the next burst: its answer neither waits for them nor is lost to them. */
function gather(state: ByBot, said: Said, at: Instant): ByBot {
  const { burst, next } = state;
  if (burst && burst.askedAt === null) return { ...state, burst: extendBurst(burst, said, at) };
  if (next) return { ...state, next: extendBurst(next, said, at) };
  const begun = beginBurst(state.bursts + 1, [said], at);
  return { ...state, bursts: begun.n, ...(burst ? { next: begun } : { burst: begun }) };
}

function askBot(state: ByBot, at: Instant, rules: Rules): Step {
  if (!state.burst || at < burstDueAt(state.burst, rules)) return stay(state);
  const burst = { ...state.burst, askedAt: at };
  return go({ ...state, burst }, { do: "ask-bot", burst });
}

function answer(state: ByBot, turn: ChatTurn, at: Instant, rules: Rules): Step {
  const spoken = { ...state, memory: turn.memory, botSpoke: true };
  if (turn.handOff) return handOver(spoken, turn, turn.handOff.because, at);
  const isSilent = turn.text.trim() === "";
  if (isSilent && !turn.finished) return handOver(state, null, "bot-failed", at);
  const said: Effect[] = isSilent ? [] : [{ do: "answer", turn, handingOver: false }, answeredRecord(turn)];
  const after = goOn(spoken, state.next);
  if (!turn.finished || after.burst) return go(after, ...said);
  const end = close(after, { at, by: "bot", outcome: "resolved" }, rules);
  return go(end.state, ...said, ...end.effects);
}

/** What came while the bot was thinking is what waits now. */
const goOn = (state: ByBot, next: Burst | null): ByBot => ({
  ...state,
  burst: next,
  next: null,
  unanswered: next?.said ?? [],
  waitingSince: next?.firstAt ?? null,
});

function handOver(state: ByBot, turn: ChatTurn | null, because: HandOverReason, at: Instant): Step {
  const records = turn ? [answeredRecord(turn)] : [];
  return go(toQueue(state, at), { do: "answer", turn, handingOver: true }, ...records, ...handedOver(because));
}

/** The customer has waited since then for the words that are lost. */
function giveUp(state: ByBot, saidAt: Instant, at: Instant): Step {
  const waiting = { ...state, waitingSince: state.waitingSince ?? saidAt };
  const { state: queued, effects } = handOver(waiting, null, "delivery-unknown", at);
  return go(queued, { do: "note", line: "words-lost" }, ...effects);
}

const answeredRecord = ({ guesses }: ChatTurn): Effect => ({
  do: "record",
  kind: "bot.answered",
  data: {
    intent: guesses[0]?.intent ?? null,
    confidence: guesses[0]?.confidence ?? null,
    guesses: guesses.map(({ intent, confidence }) => ({ intent, confidence })),
  },
});
