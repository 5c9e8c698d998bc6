import type { FastifyInstance, FastifyRequest, RouteOptions } from "fastify";
import { sendProblem } from "./problem.ts";

declare module "fastify" {
  interface FastifyContextConfig {
    /** True for the few routes of the API that anybody may call, such as signing in. */
    open?: boolean;
    /** True for routes that carry files: these may take long, both ways. */
    slow?: boolean;
  }
}

/** One guarded route as it was registered. */
export interface ApiRoute {
  method: string;
  url: string;
  open: boolean;
}

const admitted = new WeakSet<FastifyRequest>();

/** A guard calls this after it has let a request pass; whoever was not let in gets no further. */
export const admit = (request: FastifyRequest): void => void admitted.add(request);

/**
 * Default deny under `/api` and `/media`: whatever order hooks and plugins come in, the last step before a handler asks whether
 * some guard admitted the request. A route that forgets its guard is closed to everybody.
 */
export function denyByDefault(app: FastifyInstance): ApiRoute[] {
  const routes: ApiRoute[] = [];
  app.addHook("onRoute", (route) => {
    if (!GUARDED.some((prefix) => route.url.startsWith(prefix))) return;
    const open = route.config?.open === true;
    for (const method of [route.method].flat()) routes.push({ method, url: route.url, open });
    if (!open) route.preHandler = [...listOf(route.preHandler), refuseUnadmitted];
  });
  return routes;
}

const GUARDED = ["/api/", "/media/"];

const listOf = (hooks: RouteOptions["preHandler"]) => (hooks === undefined ? [] : [hooks].flat());

const refuseUnadmitted: Extract<RouteOptions["preHandler"], (...args: never[]) => unknown> = (request, reply, done) => {
  if (admitted.has(request)) return done();
  request.log.error("a route without a guard was called and refused");
  void sendProblem(reply, 403, {
    code: "not_guarded",
    message: "This address says nothing about who may use it, so nobody may. Report it.",
  });
};
