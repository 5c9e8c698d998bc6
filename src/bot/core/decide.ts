import type { Guess, HandOffReason, Intent } from "../turn.ts";
import { unreachable } from "#kit";
import type { Brain } from "./brain.ts";
import { choiceOf } from "./choices.ts";
import { isComplaint } from "./complaint.ts";
import type { Heard } from "./hear.ts";
import type { Memory } from "./memory.ts";
import { isBareNumber, namesOrder, orderNumberIn } from "./order-number.ts";
import { asksForPerson, asksIfRobot } from "./person.ts";
import { isOthersCall } from "./phone-call.ts";
import type { Plan } from "./plan.ts";
import { replyIn } from "./yes-no.ts";

/** From here on an answer is given at once. */
const SURE = 0.65;
/** From here on a guess is worth asking about. */
const PLAUSIBLE = 0.25;
/** Shown beside a better guess. */
const POSSIBLE = 0.08;
/** Ringing somebody by mistake is worse than asking. */
const SURE_TO_CALL = 0.85;
const NEVER = 2;

/**
 * Decides about one burst. Pure. A tap decides; then a wish for a person; then anger; then what was asked before;
 * then the topic. After one question instead of an answer the next miss hands over: never a third question.
 */
export function decide(heard: Heard, memory: Memory, brain: Brain): Plan {
  const chosen = heard.choice === null ? null : onChoice(heard.choice, memory, brain);
  if (chosen) return chosen;
  if (heard.words.length === 0) return onWordless(heard, memory, brain);
  return onPeople(heard, brain) ?? onReply(heard, memory, brain) ?? onTopic(heard, memory, brain);
}

function onChoice(choice: string, memory: Memory, brain: Brain): Plan | null {
  if (choice === "yes") return { do: "finish", intent: null, guesses: [] };
  if (choice === "no") return missed(memory, [], memory.answered);
  if (choice === "person") return handOver("asked-for-person", asked(brain));
  const intent = choice.startsWith("intent:") ? brain.byCode(choice.slice("intent:".length)) : null;
  return intent && act(intent, null, certain(intent));
}

function onWordless(heard: Heard, memory: Memory, brain: Brain): Plan {
  if (heard.hasMedia) {
    return memory.misses > 0 ? handOver("media-only", []) : { do: "ask-for-words", guesses: [] };
  }
  if (heard.emoji) return onVerdict(heard.emoji, memory, brain);
  return missed(memory, []);
}

function onPeople(heard: Heard, brain: Brain): Plan | null {
  const { sentences, words } = heard;
  if (sentences.some((sentence) => asksForPerson(sentence) || brain.isKnownWish(sentence))) {
    return handOver("asked-for-person", asked(brain, brain.topics.guess(sentences).slice(0, 2)));
  }
  if (sentences.some(asksIfRobot)) return { do: "say-robot", guesses: [] };
  return isComplaint(words) ? handOver("complaint", brain.topics.guess(sentences)) : null;
}

/** Words that answer the bot's own question. */
function onReply(heard: Heard, memory: Memory, brain: Brain): Plan | null {
  const picked = memory.waiting === "which" ? choiceOf(heard.words, memory.offered, brain) : null;
  if (picked) return act(picked, null, certain(picked));
  const reply = replyIn(heard.words);
  if (reply) return onVerdict(reply, memory, brain);
  const number = orderNumberIn(heard.text);
  const expected = memory.waiting === "order-number" || isBareNumber(heard.words);
  return number !== null && expected ? lookUp(number, brain) : null;
}

function onVerdict(reply: "yes" | "no" | "thanks", memory: Memory, brain: Brain): Plan {
  const thanks = brain.byAction("thanks");
  const isAboutAnswer = memory.waiting === "helped";
  if (reply === "thanks") return { do: "finish", intent: thanks, guesses: certain(thanks) };
  if (reply === "no") return missed(memory, [], isAboutAnswer ? memory.answered : memory.rejected);
  if (isAboutAnswer) return { do: "finish", intent: null, guesses: certain(thanks) };
  const only = memory.waiting === "which" && memory.offered.length === 1 ? brain.byCode(memory.offered[0]!) : null;
  return only ? act(only, null, certain(only)) : greet(memory, []);
}

function onTopic(heard: Heard, memory: Memory, brain: Brain): Plan {
  const guesses = brain.topics.guess(heard.sentences);
  const [best] = guesses;
  const chat = brain.smallTalk.guess([heard.words])[0];
  if (chat && chat.confidence >= SURE && chat.confidence > (best?.confidence ?? 0))
    return smallTalk(chat, memory, brain);

  const number = orderNumberIn(heard.text);
  const intent = best ? brain.byCode(best.intent) : null;
  if (!best || !intent || best.confidence < PLAUSIBLE) {
    return number !== null && namesOrder(heard.words) ? lookUp(number, brain) : missed(memory, guesses);
  }
  if (intent.code === memory.rejected) return handOver("repeated-miss", guesses);
  if (best.confidence >= needed(intent, number, heard.words)) return act(intent, number, guesses);
  return memory.misses > 0 ? handOver("repeated-miss", guesses) : offer(guesses, brain);
}

function needed(intent: Intent, number: string | null, words: string[]): number {
  if (intent.action === "call-me") return isOthersCall(words) ? NEVER : SURE_TO_CALL;
  return intent.action === "order-status" && number !== null ? PLAUSIBLE : SURE;
}

function smallTalk(chat: Guess, memory: Memory, brain: Brain): Plan {
  const intent = brain.byCode(chat.intent);
  return intent?.action === "thanks" ? { do: "finish", intent, guesses: [chat] } : greet(memory, [chat]);
}

function act(intent: Intent, number: string | null, guesses: Guess[]): Plan {
  switch (intent.action) {
    case null:
      return { do: "answer", intent, guesses: top(guesses) };
    case "order-status":
      return { do: "look-up-order", number, guesses: top(guesses) };
    case "ask-for-person":
      return handOver("asked-for-person", guesses);
    case "call-me":
      return { do: "call-back", intent, guesses: top(guesses) };
    case "thanks":
      return { do: "finish", intent, guesses: top(guesses) };
    case "greeting":
      return { do: "greet", guesses: top(guesses) };
    default:
      return unreachable(intent.action);
  }
}

function offer(guesses: Guess[], brain: Brain): Plan {
  const possible = guesses.filter((guess, place) => place === 0 || guess.confidence >= POSSIBLE);
  const intents = top(possible).flatMap((guess) => brain.byCode(guess.intent) ?? []);
  return { do: "offer", intents, guesses: top(guesses) };
}

/** One question instead of an answer; the second time a person takes over. */
function missed(memory: Memory, guesses: Guess[], rejected: string | null = null): Plan {
  if (memory.misses > 0) return handOver("repeated-miss", guesses);
  return { do: "rephrase", rejected, guesses: top(guesses) };
}

const greet = (memory: Memory, guesses: Guess[]): Plan =>
  memory.greeted ? missed(memory, guesses) : { do: "greet", guesses: top(guesses) };

const handOver = (because: HandOffReason, guesses: Guess[]): Plan => ({
  do: "hand-over",
  because,
  guesses: top(guesses),
});

const top = (guesses: Guess[]) => guesses.slice(0, 3);

const certain = (intent: Intent | null): Guess[] => (intent ? [{ intent: intent.code, confidence: 1 }] : []);

const lookUp = (number: string, brain: Brain): Plan => ({
  do: "look-up-order",
  number,
  guesses: certain(brain.byAction("order-status")),
});

/** The wish for a person first, then what it may be about. */
function asked(brain: Brain, about: Guess[] = []): Guess[] {
  const wish = certain(brain.byAction("ask-for-person"));
  return [...wish, ...about.filter((guess) => guess.intent !== wish[0]?.intent)];
}
