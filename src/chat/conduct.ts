import type { Turn } from "#bot";
import { hours, millis, unreachable, type CallId, type ConversationId, type Instant, type JsonObject, type MessageId, type OperatorId } from "#kit";
import type { Abilities, Channel, InboundContent, OutboundContent } from "./channel.ts";
import { opened, step, type ConversationEvent, type Effect, type Rules } from "./core/conversation.ts";
import { isWindowOpen } from "./core/moves.ts";
import { scoreChoice, type OpenQuestion, type Score } from "./core/rating.ts";
import type { Ids } from "./ids.ts";
import { previewOf } from "./save.ts";
import { textsIn } from "./texts/texts.ts";
import type { ChatSettings } from "./settings.ts";
import type { Author, Changes, NewMessage, Thread } from "./thread.ts";

/** Longer than the bot's patience, short enough for "back within five seconds" after a crash. */
const LEASE_AFTER_PATIENCE = millis(1500);

/** What one message from us carries beside its words. */
export interface Words {
  author: Author;
  content: OutboundContent;
  operatorId?: OperatorId;
  clientId?: string;
  purpose?: string;
  meta?: JsonObject;
}

/** Carries decisions about conversations into rows: the machine decides, this puts its effects into `Changes`. */
export interface Conduct {
  rules(channel: string): Rules;
  abilities(channel: string): Abilities | null;
  /** Tells a conversation what happened. `open-next` when the message belongs to a new one. */
  tell(thread: Thread, event: ConversationEvent, changes: Changes): { openNext: Omit<OpenQuestion, "conversationId"> | null } | null;
  /** A conversation that begins now. */
  open(start: Omit<Thread, "id" | "state" | "preview" | "unread" | "lastMessageAt" | "openedAt">, at: Instant, question?: OpenQuestion | null): Thread;
  /** Writes a customer's message into the conversation. */
  hear(thread: Thread, heard: { id: NewMessage["id"]; providerId: string; at: Instant; text: string; content: InboundContent | JsonObject; replyTo: string | null }, changes: Changes): void;
  /** Adds a message to the outbox. */
  say(thread: Thread, words: Words, changes: Changes): NewMessage;
  /** Whether free text may be sent to this customer now. */
  mayWrite(thread: Thread, at: Instant): boolean;
  /** Writes something only operators see. */
  note(thread: Thread, text: string, author: "note" | "system", operatorId: OperatorId | null, changes: Changes): NewMessage;
}

/** The shell around the conversation machine. Does no I/O: `save` writes what it gathered. */
export function createConduct(deps: { ids: Ids; channels: Map<string, Channel>; settings: ChatSettings }): Conduct {
  const { ids, channels, settings } = deps;
  const patience = settings.CHAT_BOT_PATIENCE_MS;

  const rulesOf = (abilities: Abilities | null): Rules => ({
    quiet: millis(settings.CHAT_QUIET_WINDOW_MS),
    most: millis(settings.CHAT_BURST_MOST_MS),
    lease: millis(patience + LEASE_AFTER_PATIENCE),
    ratingWindow: hours(settings.CHAT_RATING_WINDOW_HOURS),
    freeTextWindow: abilities?.freeTextWindowMs == null ? null : millis(abilities.freeTextWindowMs),
  });
  const rules = new Map([...channels].map(([name, { abilities }]) => [name, rulesOf(abilities)]));
  const noChannel = rulesOf(null);

  const conduct: Conduct = {
    rules: (channel) => rules.get(channel) ?? noChannel,
    abilities: (channel) => channels.get(channel)?.abilities ?? null,

    tell(thread, event, changes) {
      const next = step(thread.state, event, conduct.rules(thread.channel));
      thread.state = next.state;
      changes.threads.set(thread.id, thread);
      let openNext: ReturnType<Conduct["tell"]> = null;
      for (const effect of next.effects) {
        if (effect.do === "open-next") openNext = { openNext: effect.question };
        else carryOut(thread, effect, changes);
      }
      return openNext;
    },

    open: (start, at, question = null) => ({
      ...start,
      id: ids<ConversationId>(),
      openedAt: at,
      state: opened(question),
      preview: "",
      unread: 0,
      lastMessageAt: null,
    }),

    hear(thread, heard, changes) {
      thread.unread += 1;
      add(thread, { author: "customer", operatorId: null, status: null, purpose: null, clientId: null, meta: null, ...heard }, changes);
    },

    say(thread, words, changes) {
      return add(
        thread,
        {
          author: words.author,
          operatorId: words.operatorId ?? null,
          content: words.content,
          text: words.content.text,
          purpose: words.purpose ?? null,
          at: changes.at,
          providerId: null,
          replyTo: null,
          clientId: words.clientId ?? null,
          status: "queued",
          meta: words.meta ?? null,
        },
        changes,
      );
    },

    mayWrite: (thread, at) => isWindowOpen(thread.state, at, conduct.rules(thread.channel)),

    note(thread, text, author, operatorId, changes) {
      const content = { kind: "text", text };
      const plain = { purpose: null, providerId: null, replyTo: null, clientId: null, status: null, meta: null };
      return add(thread, { author, operatorId, content, text, at: changes.at, ...plain }, changes);
    },
  };

  function add(
    thread: Thread,
    message: Omit<NewMessage, "id" | "conversationId" | "channel" | "account" | "address"> & Partial<Pick<NewMessage, "id">>,
    changes: Changes,
  ): NewMessage {
    const { channel, account, address } = thread;
    const row = { ...message, id: message.id ?? ids<MessageId>(), conversationId: thread.id, channel, account, address };
    changes.messages.push(row);
    changes.threads.set(thread.id, thread);
    if (message.author !== "note") {
      thread.preview = previewOf(message.text);
      thread.lastMessageAt = changes.at;
    }
    return row;
  }

  function carryOut(thread: Thread, effect: Exclude<Effect, { do: "open-next" }>, changes: Changes): void {
    const { at } = changes;
    const texts = textsIn(thread.locale);
    switch (effect.do) {
      case "ask-bot":
        return void changes.asks.push({ thread, burst: effect.burst });
      case "answer":
        return answer(thread, effect.turn, effect.handingOver, changes);
      case "tell":
        return void conduct.say(thread, { author: "system", content: { kind: "text", text: effect.line === "thanks" ? texts.thanks : texts.commentNoted } }, changes);
      case "ask-rating":
        return askRating(thread, effect, changes);
      case "rate": {
        const conversationId = effect.of ?? thread.id;
        changes.ratingsGiven.push({ conversationId, score: effect.score, comment: effect.comment });
        const data = { score: effect.score, about: effect.about };
        return void changes.events.push({ ...about(thread), at, kind: "rating.given", conversationId, operatorId: effect.operatorId, data });
      }
      case "comment":
        return void changes.ratingsGiven.push({ conversationId: thread.id, score: null, comment: effect.comment });
      case "seek-operator":
        changes.seekOperator = true;
        return;
      case "record":
        return void changes.events.push({ ...about(thread), at, kind: effect.kind, operatorId: effect.operatorId ?? null, data: effect.data });
      default:
        return unreachable(effect);
    }
  }

  function answer(thread: Thread, turn: Turn | null, handingOver: boolean, changes: Changes): void {
    const text = turn?.text ?? "";
    const choices = handingOver ? [] : (turn?.choices ?? []);
    const content: OutboundContent = choices.length > 0 ? { kind: "buttons", text, choices } : { kind: "text", text };
    const meta = turn ? { guesses: turn.guesses.map(({ intent, confidence }) => ({ intent, confidence })) } : {};
    const message = conduct.say(thread, { author: "bot", content, meta }, changes);
    if (handingOver) changes.handOvers.push({ thread, message });
  }

  function askRating(thread: Thread, { about: party, operatorId }: Extract<Effect, { do: "ask-rating" }>, changes: Changes): void {
    const { rating } = textsIn(thread.locale);
    const scores: Score[] = [5, 4, 3, 2, 1];
    const choices = scores.map((score) => ({ id: scoreChoice(score), title: rating.scores[score] }));
    conduct.say(thread, { author: "system", purpose: "csat", content: { kind: "list", text: rating[party], button: rating.button, choices } }, changes);
    changes.ratingsAsked.push({ conversationId: thread.id, about: party, operatorId });
    changes.events.push({ ...about(thread), at: changes.at, kind: "rating.asked", operatorId, data: { about: party } });
  }

  return conduct;
}

/** Names the conversation in the event log. */
export const about = ({ id, contactId, callId }: Thread): { conversationId: ConversationId; contactId: Thread["contactId"]; callId: CallId | null } => ({
  conversationId: id,
  contactId,
  callId,
});

