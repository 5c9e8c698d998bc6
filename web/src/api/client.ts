import { change, get, send } from "./request.ts";
import type {
  Alarm,
  Colleague,
  ConversationRow,
  PresenceStatus,
  Session,
  Thread,
  TransferTarget,
  View,
} from "./types.ts";

const conversation = (id: string, what = ""): string => `/api/conversations/${encodeURIComponent(id)}${what}`;

/** The operators' API, one function per route. */
export const api = {
  session: () => get<Session>("/api/session"),
  signIn: (email: string, password: string) =>
    change<Pick<Session, "operator">>("POST", "/api/session", { email, password }),
  signOut: () => change<void>("DELETE", "/api/session"),
  setPresence: (status: PresenceStatus) => change<unknown>("PUT", "/api/presence", { status }),
  conversations: (view: View) => get<{ conversations: ConversationRow[] }>(`/api/conversations?view=${view}`),
  thread: (id: string) => get<Thread>(conversation(id)),
  reply: (id: string, text: string, clientId: string) =>
    change<{ messageId: string }>("POST", conversation(id, "/messages"), { text, clientId }),
  /** The fields go before the file, so that the server knows whose it is when the file begins. */
  attach: (id: string, file: File, text: string, clientId: string) => {
    const form = new FormData();
    form.append("clientId", clientId);
    form.append("text", text);
    form.append("file", file, file.name);
    return send<{ messageId: string }>(conversation(id, "/media"), form);
  },
  fetchFile: (id: string, file: string) => change<unknown>("POST", conversation(id, `/media/${file}/fetch`)),
  note: (id: string, text: string, clientId: string) =>
    change<{ messageId?: string } | undefined>("POST", conversation(id, "/notes"), { text, clientId }),
  markRead: (id: string) => change<unknown>("POST", conversation(id, "/read")),
  transfer: (id: string, to: TransferTarget, note: string) =>
    change<unknown>("POST", conversation(id, "/transfer"), note === "" ? { to } : { to, note }),
  close: (id: string) => change<unknown>("POST", conversation(id, "/close")),
  /** Nothing comes back when nobody waits. */
  takeNextChat: () => change<{ conversationId: string } | undefined>("POST", "/api/conversations/take-next"),
  takeNextCall: () => change<unknown>("POST", "/api/calls/take-next"),
  alarms: () => get<{ alarms: Alarm[] }>("/api/alarms"),
  operators: () => get<{ operators: Colleague[] }>("/api/operators"),
};
