import { sendProblem } from "#http";
import { sameSecret } from "#kit";
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import { isIP } from "node:net";
import type { Registry } from "prom-client";
import type { Board } from "./board.ts";
import type { WatchSettings } from "./settings.ts";

interface RouteDeps {
  registry: Registry;
  board: Board;
  settings: WatchSettings;
  publicUrl: string;
}

/** `GET /metrics` in Prometheus' text format, for whoever has the token; without one, for this machine alone. */
export const metricsRoute =
  ({ registry, board, settings, publicUrl }: RouteDeps): FastifyPluginAsync =>
  async (app) => {
    const isPublic = publicUrl.startsWith("https:");
    let reading: Promise<void> | null = null;
    /** Scrapes that come together are answered from one reading. */
    const refresh = () => (reading ??= board.refresh().finally(() => (reading = null)));

    app.get("/metrics", { schema: { hide: true } }, async (request, reply) => {
      const { METRICS_TOKEN: token } = settings;
      if (token !== undefined && !hasToken(request, token)) return notYours(reply);
      if (token === undefined && (isPublic || !isLocal(request))) return tokenNeeded(reply);
      await refresh();
      return reply.type(registry.contentType).send(await registry.metrics());
    });
  };

const hasToken = ({ headers }: FastifyRequest, token: string) =>
  sameSecret(/^Bearer (.+)$/.exec(headers.authorization ?? "")?.[1] ?? "", token);

const FORWARDED = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via"];

/** Asked from this machine by its own name. A proxy on it speaks for others, and nearly all say so. */
function isLocal({ headers, socket }: FastifyRequest): boolean {
  return isLoopback(socket.remoteAddress ?? "") && !FORWARDED.some((name) => name in headers);
}

const isLoopback = (address: string) =>
  isIP(address) !== 0 && (address === "::1" || address.replace(/^::ffff:/, "").startsWith("127."));

const notYours = (reply: FastifyReply) =>
  sendProblem(reply.header("www-authenticate", "Bearer"), 401, {
    code: "metrics_token_wrong",
    message: "Send METRICS_TOKEN as a bearer token.",
  });

const tokenNeeded = (reply: FastifyReply) =>
  sendProblem(reply, 403, {
    code: "metrics_token_needed",
    message:
      "Without METRICS_TOKEN only programs on this machine may read this. Set METRICS_TOKEN and send it as a bearer token.",
  });
