import { storage } from "../app/storage.ts";
import { createStore, useStore } from "../app/store.ts";

export type Mode = "reply" | "note";

const drafts = createStore<Record<string, string>>({});

const keyOf = (conversation: string, mode: Mode): string => `draft.${conversation}.${mode}`;

const read = (known: Record<string, string>, key: string): string => known[key] ?? storage.read(key) ?? "";

/** Keeps a draft per conversation and mode in this browser; it survives a reload and a crash. */
export function setDraft(conversation: string, mode: Mode, text: string): void {
  const key = keyOf(conversation, mode);
  storage.write(key, text);
  drafts.set({ ...drafts.get(), [key]: text });
}

/** Gives a text back that could not be sent, above whatever was begun since. */
export function giveBack(conversation: string, mode: Mode, text: string): void {
  const begun = read(drafts.get(), keyOf(conversation, mode));
  setDraft(conversation, mode, begun === "" ? text : `${text}\n${begun}`);
}

/** The draft of a conversation. */
export const useDraft = (conversation: string, mode: Mode): string => read(useStore(drafts), keyOf(conversation, mode));
