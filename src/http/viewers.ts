import type { FastifyRequest } from "fastify";
import { z } from "zod";
import type { LiveEvent } from "./event-feed.ts";

/** What we use of a WebSocket; the package carries no types. */
export interface Socket {
  readonly bufferedAmount: number;
  send(text: string): void;
  close(code: number, reason: string): void;
  terminate(): void;
  ping(): void;
  on(event: "message", run: (data: Buffer, isBinary: boolean) => void): void;
  on(event: "pong" | "close" | "error", run: () => void): void;
}

/** One open page. */
export interface Viewer {
  readonly request: FastifyRequest;
  /** The last number it was told. */
  seq: number;
  isOpen(): boolean;
  /** Sends what it has not been told yet; a page too slow to follow is closed and comes back for a resync. */
  tell(events: LiveEvent[]): void;
  /** Tells it to load everything afresh and to go on from here. */
  resync(seq: number): void;
  close(reason: keyof typeof CLOSE): void;
  /** Cuts the line of a page that does not answer to `close`. */
  cut(): void;
  /** Cuts a line that has been silent since the last call, else asks for a sign of life. */
  checkLine(): void;
}

const MOST_BUFFERED = 1024 * 1024;

/** Close codes of RFC 6455 and, above 4000, our own. */
const CLOSE = {
  "bad-message": [1003, "messages are JSON"],
  broken: [1011, "try again"],
  leaving: [1012, "connect again"],
  "signed-out": [4001, "signed out"],
  "too-slow": [4008, "resync"],
} as const;

const clientMessage = z.object({ kind: z.literal("ping") });

/** Wraps a socket that has just opened. Whatever the page sends, only its own socket suffers. */
export function createViewer(socket: Socket, request: FastifyRequest): Viewer {
  let open = true;
  let heard = true;
  const viewer: Viewer = {
    request,
    seq: 0,
    isOpen: () => open,
    tell(events) {
      for (const event of events) {
        if (!open || event.seq <= viewer.seq) continue;
        if (socket.bufferedAmount > MOST_BUFFERED) return viewer.close("too-slow");
        viewer.seq = event.seq;
        socket.send(textOf(event));
      }
    },
    resync(seq) {
      viewer.seq = seq;
      if (open) socket.send(JSON.stringify({ kind: "resync", seq }));
    },
    close(reason) {
      const [code, words] = CLOSE[reason];
      open = false;
      socket.close(code, words);
    },
    cut: () => socket.terminate(),
    checkLine() {
      if (!heard) return socket.terminate();
      heard = false;
      socket.ping();
    },
  };

  socket.on("close", () => void (open = false));
  socket.on("error", () => socket.terminate());
  socket.on("pong", () => void (heard = true));
  socket.on("message", (data, isBinary) => {
    heard = true;
    if (!open) return;
    if (isBinary || !isPing(data)) return viewer.close("bad-message");
    socket.send(JSON.stringify({ kind: "pong" }));
  });
  return viewer;
}

const texts = new WeakMap<LiveEvent, string>();

/** Written out once, however many pages get it. */
function textOf(event: LiveEvent): string {
  const known = texts.get(event);
  if (known !== undefined) return known;
  const text = JSON.stringify(event);
  texts.set(event, text);
  return text;
}

function isPing(data: Buffer): boolean {
  try {
    return clientMessage.safeParse(JSON.parse(data.toString("utf8"))).success;
  } catch {
    return false;
  }
}
