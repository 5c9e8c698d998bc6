import type { FastifyInstance } from "fastify";

/** While this process leaves, each answer is the last one of its connection: clients and proxies open the next elsewhere. */
export function addLeaving(app: FastifyInstance, leaving: () => boolean): void {
  app.addHook("onSend", async (_request, reply) => {
    if (leaving()) reply.header("connection", "close");
  });
}
