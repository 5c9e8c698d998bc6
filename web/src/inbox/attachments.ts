import { api } from "../api/client.ts";
import { Problem } from "../api/request.ts";
import { newId } from "../app/id.ts";
import { createStore, useStore } from "../app/store.ts";

/** A file that was chosen and is not with the server yet. */
export interface Attachment {
  /** Goes with every attempt, so that the server takes it once however often we ask. */
  clientId: string;
  file: File;
  state: "chosen" | "sending";
  /** Why the last attempt failed. */
  problem: Problem | null;
}

/** One per conversation. Unlike a draft a file cannot outlive the page. */
const store = createStore<Record<string, Attachment>>({});

function set(conversation: string, next: Attachment | null): void {
  const { [conversation]: _before, ...others } = store.get();
  store.set(next === null ? others : { ...others, [conversation]: next });
}

/** Files that wait to be sent. */
export const attachments = {
  choose: (conversation: string, file: File): void =>
    set(conversation, { clientId: newId(), file, state: "chosen", problem: null }),
  drop: (conversation: string): void => set(conversation, null),
  /** Sends the file of a conversation with these words. True when the server has both. */
  async send(conversation: string, text: string): Promise<boolean> {
    const chosen = store.get()[conversation];
    if (!chosen || chosen.state === "sending") return false;
    set(conversation, { ...chosen, state: "sending", problem: null });
    try {
      await api.attach(conversation, chosen.file, text, chosen.clientId);
      set(conversation, null);
      return true;
    } catch (error) {
      const problem = error instanceof Problem ? error : new Problem(0, "unknown", "");
      set(conversation, { ...chosen, state: "chosen", problem });
      return false;
    }
  },
};

/** The file chosen in a conversation; null when there is none. */
export const useAttachment = (conversation: string): Attachment | null => useStore(store)[conversation] ?? null;
