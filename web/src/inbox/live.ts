import type { LiveEvent } from "../api/types.ts";

export type LinkHealth = "connecting" | "live" | "lost";

interface Listener {
  /** Something happened; null when anything may have. */
  changed: (conversationId: string | null) => void;
  health: (health: LinkHealth) => void;
  /** Something was switched off or works again, or may have. */
  alarmed: () => void;
}

const FIRST_RETRY_MS = 1000;
const LAST_RETRY_MS = 10_000;

/** Follows the server's events. After a break it asks for the gap, and until then each try reads everything again. */
export function followEvents(listener: Listener): () => void {
  let socket: WebSocket | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let retryMs = FIRST_RETRY_MS;
  let seq: number | null = null;
  let closed = false;

  const open = () => {
    const scheme = location.protocol === "https:" ? "wss:" : "ws:";
    socket = new WebSocket(`${scheme}//${location.host}/api/live${seq === null ? "" : `?since=${seq}`}`);
    socket.addEventListener("open", () => {
      retryMs = FIRST_RETRY_MS;
      listener.health("live");
      listener.changed(null);
      listener.alarmed();
    });
    socket.addEventListener("message", (message) => {
      const event = JSON.parse(String(message.data)) as LiveEvent;
      seq = event.kind === "resync" ? event.seq : Math.max(seq ?? 0, event.seq);
      listener.changed(event.conversationId ?? null);
      if (event.kind === "resync" || event.kind.startsWith("alarm.")) listener.alarmed();
    });
    socket.addEventListener("close", () => {
      if (closed) return;
      listener.health("lost");
      listener.changed(null);
      timer = setTimeout(open, retryMs);
      retryMs = Math.min(retryMs * 2, LAST_RETRY_MS);
    });
  };
  open();

  return () => {
    closed = true;
    clearTimeout(timer);
    socket?.close();
  };
}
