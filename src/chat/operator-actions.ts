import { recordEvents, type Database, type Tx, type Wakes } from "#db";
import type { Clock, ConversationId, Instant, MessageId, OperatorId } from "#kit";
import type { Operator } from "#staff";
import { noteAssigned } from "./assignment-store.ts";
import { isBlocked } from "./block-store.ts";
import type { Channel } from "./channel.ts";
import type { Conduct } from "./conduct.ts";
import type { Chat, ChatHooks } from "./door.ts";
import { about } from "./effects.ts";
import type { Ids } from "./ids.ts";
import type { ConversationEvent } from "./core/conversation.ts";
import { existingReply, isOperator, lastFromCustomer, markRead, oldestInQueue } from "./operator-store.ts";
import { save } from "./save.ts";
import type { ChatSettings } from "./settings.ts";
import { sayFile, type By, type FileWords } from "./say-file.ts";
import { readThread, takeThreads } from "./thread-store.ts";
import { noChanges, type Changes, type NewMessage, type Thread } from "./thread.ts";

interface Deps {
  front: Database;
  clock: Clock;
  wakes: Wakes;
  ids: Ids;
  conduct: Conduct;
  channels: Map<string, Channel>;
  links: Pick<Chat, "link">;
  settings: ChatSettings;
  hooks: Pick<ChatHooks, "closedByOperator">;
}

type Refused = { kind: "not-found" } | { kind: "closed" } | { kind: "owned-by-other" };
export type Done = { kind: "done" } | Refused;
export type Replied =
  | { kind: "queued"; messageId: MessageId }
  | { kind: "window-closed" }
  | { kind: "blocked" }
  | Refused;
export type Linked = { kind: "made"; url: string; expiresAt: Instant } | { kind: "not-found" } | { kind: "no-link" };
export type Transferred = Done | { kind: "no-such-operator" };
export type TransferTarget = { operatorId: string } | { queue: true } | { bot: true };

/** What operators do with conversations, each in one transaction under the conversation's lock. */
export type OperatorActions = ReturnType<typeof createOperatorActions>;

export function createOperatorActions({ front, clock, wakes, ids, conduct, channels, links, settings, hooks }: Deps) {
  /** Sends a reply. A conversation nobody has is taken over; the same `clientId` again answers the same. */
  function reply(operator: Operator, id: ConversationId, said: { text: string; clientId: string }): Promise<Replied> {
    return speak(operator, id, said.clientId, (thread, by, changes) =>
      conduct.say(thread, { ...by, content: { kind: "text", text: said.text } }, changes),
    );
  }

  /** Sends a file that is kept already, with what was written beside it. */
  function sendFile(operator: Operator, id: ConversationId, said: { clientId: string } & FileWords): Promise<Replied> {
    return speak(operator, id, said.clientId, (thread, by, changes) =>
      sayFile({ conduct, ids }, thread, { ...by, ...said }, changes),
    );
  }

  /** What a person says takes the floor, in the window only. */
  function speak(
    operator: Operator,
    id: ConversationId,
    clientId: string,
    say: (thread: Thread, by: By, changes: Changes) => NewMessage,
  ): Promise<Replied> {
    return change(id, async (tx, thread, changes): Promise<Replied> => {
      const before = await existingReply(tx, id, clientId);
      if (before) return { kind: "queued", messageId: before };
      const refusal = refuse(operator, thread, conduct.mayWrite(thread, changes.at));
      if (refusal) return refusal;
      if (conduct.abilities(thread.channel)?.tellsBlocks && (await isBlocked(tx, thread))) return { kind: "blocked" };
      tell(thread, { kind: "operator-replied", at: changes.at, operatorId: operator.id }, changes);
      thread.unread = 0;
      const message = say(thread, { author: "operator", operatorId: operator.id, clientId }, changes);
      return { kind: "queued", messageId: message.id };
    });
  }

  /** What would be answered to a reply now; null when it would be sent. */
  async function refusalOf(operator: Operator, id: ConversationId, clientId: string): Promise<Replied | null> {
    const before = await existingReply(front, id, clientId);
    if (before) return { kind: "queued", messageId: before };
    const thread = await readThread(front, id);
    if (!thread) return { kind: "not-found" };
    return refuse(operator, thread, conduct.mayWrite(thread, clock.now()));
  }

  /** Writes a note for colleagues. Everybody may, at any time; the same `clientId` again writes nothing. */
  function note(operator: Operator, id: ConversationId, said: { text: string; clientId: string }): Promise<Done> {
    return change(id, async (tx, thread, changes) => {
      if (await existingReply(tx, id, said.clientId)) return DONE;
      tell(thread, { kind: "operator-noted", at: changes.at, operatorId: operator.id }, changes);
      conduct.note(
        thread,
        { text: said.text, author: "note", operatorId: operator.id, clientId: said.clientId },
        changes,
      );
      changes.events.push({ ...about(thread), at: changes.at, kind: "chat.noted", operatorId: operator.id });
      return DONE;
    });
  }

  /** Gives the conversation to a colleague, to everybody or to the bot. */
  function transfer(
    operator: Operator,
    id: ConversationId,
    to: TransferTarget,
    words: string | null,
  ): Promise<Transferred> {
    return change(id, async (tx, thread, changes): Promise<Transferred> => {
      const refusal = refuse(operator, thread);
      if (refusal) return refusal;
      if ("operatorId" in to && !(await isOperator(tx, to.operatorId))) return { kind: "no-such-operator" };
      tell(thread, transferEvent(operator, to, changes), changes);
      if (words) conduct.note(thread, { text: words, author: "note", operatorId: operator.id }, changes);
      return DONE;
    });
  }

  /** Ends the conversation; the customer is asked for a rating when that may still be sent. */
  function close(operator: Operator, id: ConversationId, outcome: string | null): Promise<Done> {
    return change(id, async (tx, thread, changes) => {
      const refusal = refuse(operator, thread);
      if (refusal) return refusal;
      tell(thread, { kind: "closed", at: changes.at, by: operator.id, outcome }, changes);
      thread.unread = 0;
      await hooks.closedByOperator(tx, { conversationId: id, contactId: thread.contactId });
      return DONE;
    });
  }

  /** Takes whoever waits longest, beyond one's capacity if one likes; null when nobody waits. */
  async function takeNext(operator: Operator): Promise<ConversationId | null> {
    const taken = await front.tx(async (tx) => {
      const id = await oldestInQueue(tx);
      if (id === null) return null;
      await within(tx, id, async (thread, changes) => {
        tell(thread, { kind: "assigned", at: changes.at, operatorId: operator.id, reason: "took-next" }, changes);
      });
      await noteAssigned(tx, [operator.id], clock.now());
      return id;
    });
    if (taken !== null) wakes.wake("events");
    return taken;
  }

  /** Everything so far was seen: the count of unread messages ends, and the customer sees the marks. */
  async function read(operator: Operator, id: ConversationId): Promise<boolean> {
    const found = await markRead(front, id);
    if (!found) return false;
    await recordEvents(front, [{ at: clock.now(), kind: "chat.read", conversationId: id, operatorId: operator.id }]);
    wakes.wake("events");
    const last = settings.CHAT_SHOW_TYPING ? await lastFromCustomer(front, id) : null;
    if (last)
      channels
        .get(last.channel)
        ?.acknowledge({ account: last.account, providerId: last.providerId, typing: false })
        .catch(() => {});
    return true;
  }

  /** A link for this customer into another messenger, joined to the same contact and call. */
  function link(id: ConversationId, channel: string): Promise<Linked> {
    return front.tx(async (tx): Promise<Linked> => {
      const thread = await readThread(tx, id);
      if (!thread) return { kind: "not-found" };
      const { contactId, callId, queue, locale } = thread;
      const made = await links.link(tx, { channel, contactId, callId, queue, locale });
      return made ? { kind: "made", ...made } : { kind: "no-link" };
    });
  }

  function tell(thread: Thread, event: ConversationEvent, changes: Changes) {
    conduct.tell(thread, event, changes);
  }

  async function change<T>(
    id: ConversationId,
    work: (tx: Tx, thread: Thread, changes: Changes) => Promise<T>,
  ): Promise<T | { kind: "not-found" }> {
    const { outcome, changes } = await front.tx(async (tx) => {
      let outcome: T | { kind: "not-found" } = { kind: "not-found" };
      const changes = await within(tx, id, async (thread, changes) => {
        outcome = await work(tx, thread, changes);
      });
      return { outcome: outcome as T | { kind: "not-found" }, changes };
    });
    if (changes) follow(changes);
    return outcome;
  }

  async function within(
    tx: Tx,
    id: ConversationId,
    work: (thread: Thread, changes: Changes) => Promise<void>,
  ): Promise<Changes | null> {
    const [thread] = await takeThreads(tx, [id]);
    if (!thread) return null;
    const changes = noChanges(clock.now());
    await work(thread, changes);
    await save(tx, changes, conduct.rules(thread.channel));
    return changes;
  }

  function follow(changes: Changes): void {
    if (changes.threads.size === 0) return;
    wakes.wake("events");
    wakes.wake("conversations");
    if (changes.messages.some(({ status }) => status === "queued")) wakes.wake("outbox");
  }

  return { reply, sendFile, refusalOf, note, transfer, close, takeNext, read, link };
}

const DONE: Done = { kind: "done" };

type NotNow = { kind: "closed" } | { kind: "owned-by-other" };

/** Operators leave colleagues' conversations alone; supervisors may step in. With `mayWrite` the window counts as well. */
function refuse(operator: Operator, thread: Thread): NotNow | null;
function refuse(operator: Operator, thread: Thread, mayWrite: boolean): NotNow | { kind: "window-closed" } | null;
function refuse(operator: Operator, { state }: Thread, mayWrite = true): NotNow | { kind: "window-closed" } | null {
  if (state.owner === "closed") return { kind: "closed" };
  if (state.owner === "operator" && state.operatorId !== operator.id && operator.role === "operator")
    return { kind: "owned-by-other" };
  return mayWrite ? null : { kind: "window-closed" };
}

function transferEvent(operator: Operator, to: TransferTarget, { at }: Changes): ConversationEvent {
  if ("bot" in to) return { kind: "returned-to-bot", at, by: operator.id };
  return { kind: "transferred", at, by: operator.id, to: "queue" in to ? "queue" : (to.operatorId as OperatorId) };
}
