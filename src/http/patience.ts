import { minutes, seconds, type Clock } from "#kit";
import type { FastifyInstance } from "fastify";

const PATIENCE = seconds(10);
const SLOW_SILENCE = minutes(2);

/**
 * A body must be here within this time, or the connection ends: whoever sends byte by byte holds nothing for long.
 * Routes with `slow` in their config wait as long as the server itself does, and for a browser that pauses in a file.
 */
export function addPatience(app: FastifyInstance, clock: Clock): void {
  app.addHook("onRequest", (request, _reply, done) => {
    const { raw } = request;
    if (request.routeOptions.config.slow === true) raw.socket.setTimeout(SLOW_SILENCE);
    else if (hasBody(request.headers)) {
      const cancel = clock.after(PATIENCE, () => raw.destroy());
      raw.once("close", cancel);
      raw.once("end", cancel);
    }
    done();
  });
}

const hasBody = (headers: Record<string, string | string[] | undefined>): boolean =>
  headers["transfer-encoding"] !== undefined || (headers["content-length"] ?? "0") !== "0";
