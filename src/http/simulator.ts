import type { FastifyInstance, FastifyReply } from "fastify";
import type { ServerResponse } from "node:http";
import { sendProblem } from "./problem.ts";

const PREFIX = "/simulator/api";
/** The longest a timer can be: live streams last as long as the page is open. */
const FOR_EVER = 2 ** 31 - 1;

const UNREACHABLE = {
  code: "upstream_unreachable",
  message: "The stand-ins of the simulator do not answer. Check SIMULATOR_URL and that they run.",
};

/** Hands the simulator page's requests on to the stand-ins, live streams included. */
export async function addSimulator(app: FastifyInstance, upstream: string): Promise<void> {
  // A program without a simulator starts sooner without the HTTP client this brings along.
  const { default: proxy } = await import("@fastify/http-proxy");
  const streams = new Set<ServerResponse>();

  await app.register(async (scope) => {
    scope.addHook("onRoute", (route) => {
      route.handlerTimeout = FOR_EVER;
      route.logLevel = "warn";
      route.schema = { ...route.schema, hide: true };
    });
    scope.addHook("onRequest", async (request, reply) => {
      request.raw.socket.setTimeout(0);
      streams.add(reply.raw);
      reply.raw.once("close", () => streams.delete(reply.raw));
    });
    // Streams would hold up a stop of the server for as long as a page is open.
    scope.addHook("preClose", async () => {
      for (const stream of streams) stream.destroy();
    });
    await scope.register(proxy, {
      upstream,
      prefix: PREFIX,
      rewritePrefix: PREFIX,
      undici: { bodyTimeout: 0, headersTimeout: 30_000 },
      replyOptions: {
        // The operator's session is none of the stand-ins' business.
        rewriteRequestHeaders: (_request, { cookie: _session, ...headers }) => headers,
        onError: (reply) => void sendProblem(reply as unknown as FastifyReply, 502, UNREACHABLE),
      },
    });
  });
}
