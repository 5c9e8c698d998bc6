import type { Bot, BotInput, Turn } from "#bot";
import type { Brands } from "#company";
import { messageOf, millis, type Clock, type ConversationId, type Instant, type Locale, type MessageId } from "#kit";
import { createBatcher, type Database, type Tx, type Wakes } from "#db";
import type { Pump } from "#jobs";
import type { Channel } from "./channel.ts";
import type { Conduct } from "./conduct.ts";
import type { Burst } from "./core/burst.ts";
import { wantsAnswer, type ChatTurn } from "./core/conversation.ts";
import type { ChatHooks } from "./door.ts";
import { createFlow, feed } from "./flow.ts";
import type { Log } from "./log.ts";
import { save } from "./save.ts";
import type { ChatSettings } from "./settings.ts";
import { textsIn } from "./texts/texts.ts";
import { nextDue, takeDue, takeThreads } from "./thread-store.ts";
import { noChanges, type Changes, type Thread } from "./thread.ts";
import type { ChatWatch, DecidedReport } from "./watch.ts";

/** A burst that has ended and waits for the bot. */
export type Ask = Changes["asks"][number];

/** What the bot made of a burst; null when it failed or was too slow. */
interface Answered {
  ask: Ask;
  turn: Turn | null;
  began: Instant;
  /** Filled in when it is saved. */
  said: MessageId[];
}

interface Deps {
  back: Database;
  clock: Clock;
  wakes: Wakes;
  log: Log;
  bot: Bot;
  hooks: ChatHooks;
  conduct: Conduct;
  channels: Map<string, Channel>;
  brands: Pick<Brands, "ofQueue">;
  settings: ChatSettings;
  watch: ChatWatch;
}

const MOST_AT_ONCE = 200;
/** While the bot thinks, bursts that end by themselves are looked for this often. */
const LOOK_AGAIN = millis(200);
const MOST_IN_A_BATCH = 100;

/**
 * Gets bursts answered: asks the bot outside of any transaction, then saves many turns in one, checking under lock
 * that each answer is still wanted.
 */
export function createAnswers(deps: Deps) {
  const { back, clock, wakes, log, bot, hooks, conduct, channels, brands, settings, watch } = deps;
  const flow = createFlow(MOST_AT_ONCE, LOOK_AGAIN, clock);
  wakes.on("conversations", flow.ring);
  /** Bursts this process ended itself and need not look for. */
  let ready: Ask[] = [];

  const turns = createBatcher<Answered, void>({
    run: async (answered) => {
      const changes = await back.tx((tx) => saveTurns(tx, answered));
      if (changes.messages.length > 0) wakes.wake("outbox");
      if (changes.seekOperator) wakes.wake("conversations");
      wakes.wake("events");
      for (const one of answered) watch.decided?.(reportOf(one, clock.now()));
      follow(changes);
      return answered.map(() => undefined);
    },
    most: MOST_IN_A_BATCH,
    lanes: 1,
    full: Number.POSITIVE_INFINITY,
    refuse: () => new Error("unreachable: the answers' batcher is never full"),
  });

  /** Takes over what a batch has left to do: bursts to answer, a sign that somebody has read and is writing. */
  function follow(changes: Changes): void {
    if (settings.CHAT_SHOW_TYPING) acknowledgeAll(changes);
    if (changes.asks.length > 0) ready.push(...changes.asks);
    if (changes.asks.length > 0 || changes.seekOperator || hasPlans(changes)) wakes.wake("conversations");
  }

  /** Once per burst, with its first message: while it is still gathering the customer sees that somebody is there. */
  function acknowledgeAll(changes: Changes): void {
    for (const { author, conversationId, channel, account, providerId } of changes.messages) {
      const state = changes.threads.get(conversationId)?.state;
      if (author !== "customer" || providerId === null || state?.owner !== "bot" || (state.burst?.said.length ?? 0) > 1)
        continue;
      channels
        .get(channel)
        ?.acknowledge({ account, providerId, typing: true })
        .catch(() => {});
    }
  }

  async function take(most: number): Promise<Ask[]> {
    if (ready.length > 0) return ready.splice(0, most);
    return back.tx(async (tx) => {
      const changes = noChanges(clock.now());
      for (const thread of await takeDue(tx, changes.at, Math.min(most, MOST_IN_A_BATCH))) {
        conduct.tell(thread, { kind: "burst-ended", at: changes.at }, changes);
      }
      if (changes.threads.size > 0) await save(tx, changes, conduct.rules(""));
      return changes.asks;
    });
  }

  async function answer(ask: Ask): Promise<void> {
    const began = clock.now();
    const turn = await think(ask);
    await turns.add({ ask, turn, began, said: [] }).catch((error: unknown) => {
      log.error(
        { conversation: ask.thread.id, error: messageOf(error) },
        "an answer could not be saved; the bot is asked again",
      );
    });
  }

  /** The bot's turn, or null when it failed or took too long. */
  function think({ thread, burst }: Ask): Promise<Turn | null> {
    const patience = Promise.withResolvers<null>();
    const cancel = clock.after(millis(settings.CHAT_BOT_PATIENCE_MS), () => patience.resolve(null));
    return Promise.race([ask(thread, burst), patience.promise]).finally(cancel);
  }

  async function ask(thread: Thread, burst: Burst): Promise<Turn | null> {
    try {
      const { timeZone } = brands.ofQueue(thread.queue);
      return await bot.answer({ ...inputOf(thread, burst, asksPhone(thread)), timeZone });
    } catch (error) {
      log.error(
        { conversation: thread.id, error: error instanceof Error ? error.name : "unknown" },
        "the bot failed; a person goes on",
      );
      return null;
    }
  }

  async function saveTurns(tx: Tx, answered: Answered[]): Promise<Changes> {
    const changes = noChanges(clock.now());
    const threads = new Map<ConversationId, Thread>();
    for (const thread of await takeThreads(
      tx,
      answered.map(({ ask }) => ask.thread.id),
    ))
      threads.set(thread.id, thread);
    for (const { ask, turn, said } of answered) {
      const thread = threads.get(ask.thread.id);
      if (!thread || !wantsAnswer(thread.state, ask.burst.n)) continue;
      const burst = ask.burst.n;
      const before = changes.messages.length;
      if (turn !== null && turn.language !== thread.locale) speakFromNowOn(thread, turn.language, changes);
      if (turn === null) conduct.tell(thread, { kind: "bot-failed", at: changes.at, burst }, changes);
      else
        conduct.tell(
          thread,
          { kind: "bot-turned", at: changes.at, burst, turn: await callIfAsked(tx, thread, turn) },
          changes,
        );
      conduct.tell(thread, { kind: "burst-ended", at: changes.at }, changes);
      said.push(...changes.messages.slice(before).map(({ id }) => id));
    }
    await save(tx, changes, conduct.rules(""));
    return changes;
  }

  /** Whatever follows, the hand-over, the rating, the next invite, is in the language the customer writes in. */
  function speakFromNowOn(thread: Thread, language: Locale, changes: Changes): void {
    thread.locale = language;
    changes.languages.set(thread.contactId, language);
  }

  /** The customer asks to be phoned: the router says whether there is a number to dial. */
  async function callIfAsked(tx: Tx, thread: Thread, turn: Turn): Promise<ChatTurn> {
    if (!turn.callMe) return turn;
    const { id: conversationId, contactId, callId } = thread;
    const texts = textsIn(thread.locale);
    const outcome = await hooks.callMe(tx, { conversationId, contactId, callId, at: clock.now() });
    if (outcome === "no-phone") return withoutPhone(thread, turn);
    return { ...turn, text: `${turn.text || texts.notices["call-me-queued"]} ${texts.expectCall(outcome)}`.trim() };
  }

  /** The customer can share the number where the messenger has a button for it; else a person arranges the call. */
  function withoutPhone(thread: Thread, turn: Turn): ChatTurn {
    const { askPhone, noPhoneToCall } = textsIn(thread.locale);
    if (asksPhone(thread)) return { ...turn, text: askPhone.text, choices: [], askPhone: askPhone.button };
    return { ...turn, text: noPhoneToCall, handOff: { because: "asked-for-person" } };
  }

  const asksPhone = ({ channel }: Thread) => conduct.abilities(channel)?.asksPhone ?? false;

  const pump: Pump = {
    name: "answers",
    wokenBy: ["conversations"],
    work: () => feed(flow, take, answer),
    nextDueAt: () => nextDue(back),
  };
  return { pump, follow, idle: () => flow.idle() };
}

const reportOf = ({ ask: { thread, burst }, turn, began, said }: Answered, ended: Instant): DecidedReport => ({
  conversationId: thread.id,
  callId: thread.callId,
  burst: burst.n,
  bot: turn === null ? "failed" : "answered",
  messages: said,
  began,
  ended,
});

const hasPlans = ({ threads }: Changes): boolean =>
  [...threads.values()].some(({ state }) => state.owner === "bot" && state.burst !== null);

function inputOf(thread: Thread, burst: Burst, asksPhone: boolean): BotInput {
  const texts = burst.said.map(({ text }) => text).filter((text) => text.trim() !== "");
  const tapped = burst.said.findLast(({ choice }) => choice !== null)?.choice ?? null;
  const hasMedia = burst.said.some(({ media }) => media);
  const { locale, phone } = thread;
  const heard = { texts, choice: tapped, hasMedia, locale, phone, asksPhone, memory: thread.state.memory };
  const onlyOpened = texts.length === 0 && tapped === null && !hasMedia && burst.said.some(({ start }) => start);
  return onlyOpened ? { ...heard, texts: [textsIn(locale).hello], choice: GREETING } : heard;
}

/** What somebody who opens the chat and says nothing has come for. */
const GREETING = "intent:greeting";
