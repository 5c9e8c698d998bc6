import { unreachable } from "#kit";
import type { Locale } from "#kit";
import type { BotChoice, HandOffReason, Intent, Turn } from "../turn.ts";
import { textsIn } from "../texts/texts.ts";
import type { BotTexts } from "../texts/texts.ts";
import type { Brain } from "./brain.ts";
import { intentChoice, showable } from "./choices.ts";
import type { Memory } from "./memory.ts";
import { shorten } from "./normalise.ts";
import type { OrderFinding } from "./orders.ts";
import type { Plan } from "./plan.ts";

/** A plan with everything it needs to become words. */
export interface Speech {
  plan: Plan;
  memory: Memory;
  language: Locale;
  brain: Brain;
  /** Known only when the plan was to look an order up. */
  order: OrderFinding | null;
  hasPhone: boolean;
}

const LONGEST_TEXT = 1024;
const MOST_STRANGERS = 3;

type Said = Partial<Omit<Turn, "memory" | "guesses">> & { memory?: Partial<Memory> };

/** Puts a plan into one message. Pure. */
export function speak(speech: Speech): Turn {
  const said = say(speech);
  const memory: Memory = { ...forget(speech), ...said.memory };
  return {
    language: speech.language,
    text: shorten(said.text ?? "", LONGEST_TEXT),
    choices: showable(said.choices ?? []),
    memory,
    guesses: speech.plan.guesses,
    handOff: said.handOff ?? null,
    finished: said.finished ?? false,
    callMe: said.callMe ?? false,
  };
}

/** What a turn starts from: nothing is waited for any more. */
const forget = ({ memory, language }: Speech): Memory => ({ ...memory, language, waiting: null, offered: [] });

function say(speech: Speech): Said {
  const { plan, memory, language, brain } = speech;
  const texts = textsIn(language);
  switch (plan.do) {
    case "answer":
      return answer(plan.intent, language, texts);
    case "look-up-order":
      return tellOrder(speech, texts);
    case "offer":
      return offer(plan.intents, memory, language, texts);
    case "rephrase":
      return question(plan.rejected ? texts.rejected : texts.rephrase, memory, texts, plan.rejected);
    case "ask-for-words":
      return question(texts.wordsPlease, memory, texts, memory.rejected);
    case "greet":
      return greet(brain, language, texts);
    case "say-robot":
      return { text: texts.robot, choices: [person(texts)], memory: { greeted: true } };
    case "finish":
      return {
        text: quote(plan.intent, language) || texts.finished,
        finished: true,
        memory: { misses: 0, rejected: null },
      };
    case "call-back":
      return callBack(plan.intent, speech, texts);
    case "hand-over":
      return handOver(plan.because, brain, language, texts);
    default:
      return unreachable(plan);
  }
}

const person = (texts: BotTexts): BotChoice => ({ id: "person", title: texts.askPerson });

/** The answer as the knowledge has it; the other language's is better than none. */
const quote = (intent: Intent | null, language: Locale): string =>
  intent?.answers[language].trim() ||
  Object.values(intent?.answers ?? {})
    .find((text) => text.trim() !== "")
    ?.trim() ||
  "";

/** An answer, then whether it helped; shortened so that the question stays. */
function helped(text: string, texts: BotTexts, memory: Partial<Memory>): Said {
  const room = LONGEST_TEXT - texts.didThatHelp.length - 1;
  return {
    text: `${shorten(text, room)}${text.includes("\n") ? "\n" : " "}${texts.didThatHelp}`,
    choices: [{ id: "yes", title: texts.yesThanks }, person(texts)],
    memory: { waiting: "helped", misses: 0, rejected: null, ...memory },
  };
}

function answer(intent: Intent, language: Locale, texts: BotTexts): Said {
  const text = quote(intent, language);
  if (text === "") return { text: texts.handOff.noAnswer, handOff: { because: "low-confidence" } };
  return helped(text, texts, { answered: intent.code });
}

function question(text: string, memory: Memory, texts: BotTexts, rejected: string | null): Said {
  return { text, choices: [person(texts)], memory: { waiting: "words", misses: memory.misses + 1, rejected } };
}

/** Up to three guesses as buttons; room left over is for a person. */
function offer(intents: Intent[], memory: Memory, language: Locale, texts: BotTexts): Said {
  const choices = [...intents.map((intent) => intentChoice(intent, language)), person(texts)];
  const offered = intents.map((intent) => intent.code);
  return { text: texts.didYouMean, choices, memory: { waiting: "which", misses: memory.misses + 1, offered } };
}

function greet(brain: Brain, language: Locale, texts: BotTexts): Said {
  const starters = [brain.byAction("order-status"), brain.byCode("returns")].filter((intent) => intent !== null);
  return {
    text: quote(brain.byAction("greeting"), language) || texts.greeting,
    choices: [...starters.map((intent) => intentChoice(intent, language)), person(texts)],
    memory: { greeted: true, waiting: "words" },
  };
}

function callBack(intent: Intent | null, { hasPhone, language }: Speech, texts: BotTexts): Said {
  if (!hasPhone) return { text: texts.handOff.noPhone, handOff: { because: "asked-for-person" } };
  return { text: quote(intent, language) || texts.callBack, callMe: true, memory: { misses: 0 } };
}

function tellOrder({ order, memory, plan }: Speech, texts: BotTexts): Said {
  if (order === null || order.kind === "unavailable") {
    return { text: texts.handOff.crmUnavailable, handOff: { because: "crm-unavailable" } };
  }
  if (order.kind === "missing") return askNumber(order.number, memory, texts);
  const strangers = memory.strangers + (order.isStranger ? 1 : 0);
  if (strangers > MOST_STRANGERS) return { text: texts.handOff.strangers, handOff: { because: "repeated-miss" } };
  return helped(order.text, texts, { strangers, answered: plan.guesses[0]?.intent ?? null });
}

/** Asked once; whoever has no number that exists gets a person. */
function askNumber(number: string | null, memory: Memory, texts: BotTexts): Said {
  if (memory.misses > 0) return { text: texts.handOff.noOrder, handOff: { because: "repeated-miss" } };
  const text = number === null ? texts.order.askNumber : texts.order.notFound(number);
  return { text, choices: [person(texts)], memory: { waiting: "order-number", misses: 1 } };
}

function handOver(because: HandOffReason, brain: Brain, language: Locale, texts: BotTexts): Said {
  return {
    text: farewell(because, brain, language, texts),
    handOff: { because },
    memory: { misses: 0, rejected: null },
  };
}

function farewell(because: HandOffReason, brain: Brain, language: Locale, { handOff }: BotTexts): string {
  switch (because) {
    case "asked-for-person":
      return quote(brain.byAction("ask-for-person"), language);
    case "complaint":
      return handOff.complaint;
    case "media-only":
      return handOff.mediaOnly;
    case "crm-unavailable":
      return handOff.crmUnavailable;
    case "low-confidence":
    case "repeated-miss":
    case "bot-failed":
      return handOff.repeatedMiss;
    default:
      return unreachable(because);
  }
}
