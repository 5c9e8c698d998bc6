import { unreachable, type CallId, type ConversationId } from "#kit";
import type { OutboundContent } from "./channel.ts";
import type { Conduct } from "./conduct.ts";
import type { ChatTurn, Effect } from "./core/conversation.ts";
import { scoreChoice, type Score } from "./core/rating.ts";
import { textsIn, type ChatTexts } from "./texts/texts.ts";
import type { Changes, Thread } from "./thread.ts";

/** Puts one effect of a decision into the rows that will be written. */
export function carryOut(
  conduct: Speaker,
  thread: Thread,
  effect: Exclude<Effect, { do: "open-next" }>,
  changes: Changes,
): void {
  const { at } = changes;
  const texts = textsIn(thread.locale);
  switch (effect.do) {
    case "ask-bot":
      return void changes.asks.push({ thread, burst: effect.burst });
    case "answer":
      return answer(conduct, thread, effect.turn, effect.handingOver, changes);
    case "tell":
      return void conduct.say(thread, { author: "system", content: lineOf(effect.line, texts) }, changes);
    case "note":
      return void conduct.note(thread, { text: texts.wordsLost, author: "system" }, changes);
    case "ask-rating":
      return askRating(conduct, thread, effect, changes);
    case "rate": {
      const conversationId = effect.of ?? thread.id;
      changes.ratingsGiven.push({ conversationId, score: effect.score, comment: effect.comment });
      const data = { score: effect.score, about: effect.about };
      return void changes.events.push({
        ...about(thread),
        at,
        kind: "rating.given",
        conversationId,
        operatorId: effect.operatorId,
        data,
      });
    }
    case "comment":
      return void changes.ratingsGiven.push({ conversationId: thread.id, score: null, comment: effect.comment });
    case "seek-operator":
      changes.seekOperator = true;
      return;
    case "record":
      return void changes.events.push({
        ...about(thread),
        at,
        kind: effect.kind,
        operatorId: effect.operatorId ?? null,
        data: effect.data,
      });
    default:
      return unreachable(effect);
  }
}

type Speaker = Pick<Conduct, "say" | "note">;

function lineOf(line: Extract<Effect, { do: "tell" }>["line"], texts: ChatTexts): OutboundContent {
  switch (line) {
    case "thanks":
      return { kind: "text", text: texts.thanks };
    case "comment-noted":
      return { kind: "text", text: texts.commentNoted };
    case "phone-noted": {
      const { text, buttons } = texts.phoneNoted;
      return { kind: "buttons", text, choices: buttons.map(({ title, choice }) => ({ id: choice, title })) };
    }
    default:
      return unreachable(line);
  }
}

function answer(conduct: Speaker, thread: Thread, turn: ChatTurn | null, handingOver: boolean, changes: Changes): void {
  const content = contentOf(turn, handingOver);
  const meta = turn ? { guesses: turn.guesses.map(({ intent, confidence }) => ({ intent, confidence })) } : {};
  const message = conduct.say(thread, { author: "bot", content, meta }, changes);
  if (handingOver) changes.handOvers.push({ thread, message });
}

function contentOf(turn: ChatTurn | null, handingOver: boolean): OutboundContent {
  const text = turn?.text ?? "";
  const choices = handingOver ? [] : (turn?.choices ?? []);
  if (turn?.askPhone !== undefined) return { kind: "ask-phone", text, button: turn.askPhone };
  return choices.length > 0 ? { kind: "buttons", text, choices } : { kind: "text", text };
}

function askRating(
  conduct: Speaker,
  thread: Thread,
  { about: party, operatorId }: Extract<Effect, { do: "ask-rating" }>,
  changes: Changes,
): void {
  const { rating } = textsIn(thread.locale);
  const scores: Score[] = [5, 4, 3, 2, 1];
  const choices = scores.map((score) => ({ id: scoreChoice(score), title: rating.scores[score] }));
  conduct.say(
    thread,
    {
      author: "system",
      purpose: "csat",
      content: { kind: "list", text: rating[party], button: rating.button, choices },
    },
    changes,
  );
  changes.ratingsAsked.push({ conversationId: thread.id, about: party, operatorId });
  changes.events.push({ ...about(thread), at: changes.at, kind: "rating.asked", operatorId, data: { about: party } });
}

/** Names the conversation in the event log. */
export const about = ({
  id,
  contactId,
  callId,
}: Thread): { conversationId: ConversationId; contactId: Thread["contactId"]; callId: CallId | null } => ({
  conversationId: id,
  contactId,
  callId,
});
