import type { FastifyInstance } from "fastify";
import { Histogram, type Registry } from "prom-client";

/** Up to the time limit of a handler. */
const SECONDS = [0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 3, 12];

/** Times every answer by its route's pattern; addresses themselves may hold numbers and are never labels. */
export function watchRequests(registry: Registry): (app: FastifyInstance) => void {
  const duration = new Histogram({
    name: "detour_http_request_duration_seconds",
    help: "How long answers took.",
    labelNames: ["method", "route", "status"],
    buckets: SECONDS,
    registers: [registry],
  });

  return (app) =>
    void app.addHook("onResponse", async (request, reply) => {
      const route = request.routeOptions.url ?? "none";
      const method = route === "none" ? "any" : request.method;
      const status = `${Math.trunc(reply.statusCode / 100)}xx`;
      duration.observe({ method, route, status }, reply.elapsedTime / 1000);
    });
}
