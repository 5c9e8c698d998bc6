import {
  hours,
  millis,
  timeOfId,
  type ConversationId,
  type Instant,
  type JsonObject,
  type MessageId,
  type OperatorId,
} from "#kit";
import type { Abilities, Channel, InboundContent, OutboundContent } from "./channel.ts";
import { opened, step, type ConversationEvent, type Rules } from "./core/conversation.ts";
import { isWindowOpen } from "./core/moves.ts";
import type { OpenQuestion } from "./core/rating.ts";
import { carryOut } from "./effects.ts";
import type { Ids } from "./ids.ts";
import { previewOf } from "./save.ts";
import type { ChatSettings } from "./settings.ts";
import type { Author, Changes, NewMessage, Thread } from "./thread.ts";

/** Longer than the bot's patience, short enough for "back within five seconds" after a crash. */
const LEASE_AFTER_PATIENCE = millis(1500);

/** What one message from us carries beside its words. */
interface Words {
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
  tell(
    thread: Thread,
    event: ConversationEvent,
    changes: Changes,
  ): { openNext: Omit<OpenQuestion, "conversationId"> | null } | null;
  /** A conversation that begins now. */
  open(
    start: Omit<Thread, "id" | "state" | "preview" | "unread" | "lastMessageAt" | "openedAt" | "frame">,
    at: Instant,
    question?: OpenQuestion | null,
  ): Thread;
  /** The id of the next message of this conversation: it sorts after all that are there. */
  nextId(thread: Thread): MessageId;
  /** Writes a customer's message into the conversation. */
  hear(
    thread: Thread,
    heard: {
      id: NewMessage["id"];
      providerId: string;
      at: Instant;
      text: string;
      content: InboundContent | JsonObject;
      replyTo: string | null;
    },
    changes: Changes,
  ): void;
  /** Adds a message to the outbox. */
  say(thread: Thread, words: Words, changes: Changes): NewMessage;
  /** Whether free text may be sent to this customer now. */
  mayWrite(thread: Thread, at: Instant): boolean;
  /** Writes something only operators see. */
  note(thread: Thread, note: Note, changes: Changes): NewMessage;
}

/** Something in the thread that the customer does not get. */
interface Note {
  text: string;
  author: "note" | "system";
  operatorId?: OperatorId | null;
  clientId?: string | null;
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

  /** Conversations as they were loaded, whose last message may be another process's. */
  const followed = new WeakSet<Thread>();

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
        else carryOut(conduct, thread, effect, changes);
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
      frame: null,
    }),

    nextId(thread) {
      if (!followed.has(thread)) ids.follow(thread.lastMessageAt);
      followed.add(thread);
      return ids<MessageId>();
    },

    hear(thread, heard, changes) {
      thread.unread += 1;
      add(
        thread,
        { author: "customer", operatorId: null, status: null, purpose: null, clientId: null, meta: null, ...heard },
        changes,
      );
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

    note(thread, { text, author, operatorId = null, clientId = null }, changes) {
      const content = { kind: "text", text };
      const plain = { purpose: null, providerId: null, replyTo: null, status: null, meta: null };
      return add(thread, { author, operatorId, clientId, content, text, at: changes.at, ...plain }, changes);
    },
  };

  function add(
    thread: Thread,
    message: Omit<NewMessage, "id" | "conversationId" | "channel" | "account" | "address"> &
      Partial<Pick<NewMessage, "id">>,
    changes: Changes,
  ): NewMessage {
    const { channel, account, address } = thread;
    const row = {
      ...message,
      id: message.id ?? conduct.nextId(thread),
      conversationId: thread.id,
      channel,
      account,
      address,
    };
    changes.messages.push(row);
    changes.threads.set(thread.id, thread);
    if (message.author !== "note") {
      thread.preview = previewOf(message.text);
      thread.lastMessageAt = timeOfId(row.id);
    }
    return row;
  }

  return conduct;
}
