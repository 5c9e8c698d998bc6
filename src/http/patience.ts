import { seconds, type Clock } from "#kit";
import type { FastifyInstance } from "fastify";

const PATIENCE = seconds(10);

/**
 * A body must be here within this time, or the connection ends: whoever sends byte by byte holds nothing for long.
 * Routes with `slowBody` in their config wait as long as the server itself does, for files over a slow line.
 */
export function addPatience(app: FastifyInstance, clock: Clock): void {
  app.addHook("onRequest", (request, _reply, done) => {
    if (hasBody(request.headers) && request.routeOptions.config.slowBody !== true) {
      const { raw } = request;
      const cancel = clock.after(PATIENCE, () => raw.destroy());
      raw.once("close", cancel);
      raw.once("end", cancel);
    }
    done();
  });
}

const hasBody = (headers: Record<string, string | string[] | undefined>): boolean =>
  headers["transfer-encoding"] !== undefined || (headers["content-length"] ?? "0") !== "0";
