import { api } from "../api/client.ts";
import { Problem } from "../api/request.ts";
import { newId } from "../app/id.ts";
import { storage } from "../app/storage.ts";
import { createStore, useStore } from "../app/store.ts";
import { giveBack, type Mode } from "./drafts.ts";

/** A message on its way to our own server. */
export interface Pending {
  /** Goes with every attempt, so that the server takes it once however often we ask. */
  clientId: string;
  conversation: string;
  mode: Mode;
  text: string;
  at: number;
  state: "sending" | "unanswered";
  /** The server's id, once it has the message. */
  messageId: string | null;
}

const KEY = "outbox";

const pending = createStore<Pending[]>(restored());
const lines = new Map<string, Promise<void>>();
const refused = createStore<{ conversation: string; problem: Problem } | null>(null);

function changed(item: Pending, change: Partial<Pending>): Pending {
  return { ...item, ...change };
}

/** What an earlier visit did not get through: asked again as soon as the server is there. */
function restored(): Pending[] {
  try {
    const kept = JSON.parse(storage.read(KEY) ?? "[]") as Pending[];
    return kept.map((item) => changed(item, { state: "unanswered" }));
  } catch {
    return [];
  }
}

function save(next: Pending[]): void {
  pending.set(next);
  const kept = next.filter((item) => item.messageId === null);
  storage.write(KEY, kept.length === 0 ? "" : JSON.stringify(kept));
}

const mark = (clientId: string, change: Partial<Pending>): void =>
  save(pending.get().map((item) => (item.clientId === clientId ? changed(item, change) : item)));

const remove = (clientId: string): void => save(pending.get().filter((item) => item.clientId !== clientId));

/** Sends in the order of writing, one at a time per conversation. */
function deliver(item: Pending): void {
  mark(item.clientId, { state: "sending" });
  const before = lines.get(item.conversation) ?? Promise.resolve();
  lines.set(
    item.conversation,
    before.then(() => attempt(item)),
  );
}

async function attempt(item: Pending): Promise<void> {
  const send = item.mode === "reply" ? api.reply : api.note;
  try {
    const answer = await send(item.conversation, item.text, item.clientId);
    if (answer?.messageId === undefined) remove(item.clientId);
    else mark(item.clientId, { messageId: answer.messageId });
  } catch (error) {
    const problem = error instanceof Problem ? error : new Problem(0, "unknown", "");
    if (problem.status === 0 || problem.status >= 500 || problem.status === 401) {
      mark(item.clientId, { state: "unanswered" });
    } else {
      remove(item.clientId);
      giveBack(item.conversation, item.mode, item.text);
      refused.set({ conversation: item.conversation, problem });
    }
  }
}

/** Messages that wait for our server's word. */
export const outbox = {
  add(conversation: string, mode: Mode, text: string, at: number): void {
    const item: Pending = { clientId: newId(), conversation, mode, text, at, state: "sending", messageId: null };
    refused.set(null);
    save([...pending.get(), item]);
    deliver(item);
  },
  /** Asks again with the same id: safe however the last attempt ended. */
  retry: (item: Pending): void => deliver(item),
  retryAll(): void {
    for (const item of pending.get()) if (item.state === "unanswered") deliver(item);
  },
  discard: (item: Pending): void => remove(item.clientId),
  /** Drops what the thread now shows itself. */
  settle(messageIds: Set<string>): void {
    const left = pending.get().filter((item) => item.messageId === null || !messageIds.has(item.messageId));
    if (left.length < pending.get().length) save(left);
  },
};

/** The pending messages of a conversation, oldest first. */
export const usePending = (conversation: string): Pending[] =>
  useStore(pending).filter((item) => item.conversation === conversation);

/** Why the last message of this conversation came back into the draft; null when none did. */
export function useRefusal(conversation: string): Problem | null {
  const last = useStore(refused);
  return last?.conversation === conversation ? last.problem : null;
}
