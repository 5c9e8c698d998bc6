import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { millis, type Clock } from "#kit";
import type { InFlight } from "./inflight.ts";
import type { Journal, JournalEntry } from "./journal.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Ends the count of this request as work under way. */
    underWay?: () => void;
  }
}

interface Watcher {
  journal: Journal;
  inFlight: InFlight;
  /** True while connections are to end with the answer. */
  isDown(): boolean;
  entry(request: FastifyRequest): Pick<JournalEntry, "to" | "path" | "params">;
}

/** Counts every request and writes it into the journal, however it ends. */
export function watch(app: FastifyInstance, { journal, inFlight, isDown, entry }: Watcher): void {
  app.addHook("onRequest", async (request, reply) => {
    request.underWay = inFlight.begin();
    if (isDown()) reply.header("connection", "close");
    reply.raw.once("close", () => request.underWay?.());
  });
  app.addHook("preHandler", async (request, reply) => {
    const over = journal.open({ from: "detour", method: request.method, ...entry(request) });
    reply.raw.once("close", () => over(reply.raw.writableFinished ? reply.statusCode : null));
  });
}

/** Breaks the connection instead of answering. */
export function cut(reply: FastifyReply): FastifyReply {
  reply.hijack();
  reply.raw.socket?.destroy();
  return reply;
}

/** Waits for something that belongs to the clock: nothing counts as under way meanwhile. */
export async function aside<T>(inFlight: InFlight, request: FastifyRequest, waiting: Promise<T>): Promise<T> {
  request.underWay?.();
  try {
    return await waiting;
  } finally {
    // Nobody would end the count of a request whose asker has left.
    if (!request.raw.socket.destroyed) request.underWay = inFlight.begin();
  }
}

/** Holds an answer back. */
export async function late(clock: Clock, inFlight: InFlight, request: FastifyRequest, ms: number): Promise<void> {
  if (ms <= 0) return;
  const pause = new Promise<void>((resolve) => clock.after(millis(ms), resolve));
  await aside(inFlight, request, inFlight.hold(pause));
}
