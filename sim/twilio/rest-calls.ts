import type { FastifyInstance } from "fastify";
import { createCall, endCall, isOver, redirect } from "./call.ts";
import type { Call, CallEvent, StatusCallback } from "./call.ts";
import { runOutbound } from "./life.ts";
import type { RestDeps } from "./rest.ts";
import { listOf, methodOf, sourceOf, textOf } from "./rest-fields.ts";
import type { Fields } from "./rest-fields.ts";
import { RestProblem, notFound } from "./rest-problem.ts";
import type { Shapes } from "./rest-shapes.ts";
import type { World } from "./world.ts";

interface Request {
  Params: { sid: string };
  Querystring: Record<string, string>;
  Body: Fields | null;
}

const EVENTS: readonly CallEvent[] = ["initiated", "ringing", "answered", "completed"];

/** Calls: placing, looking up, redirecting and ending them. */
export function callRoutes(app: FastifyInstance, deps: RestDeps, shapes: Shapes): void {
  const { world } = deps;
  const path = `${shapes.base}/Calls.json`;
  const find = (sid: string, url: string) => {
    const call = world.calls.get(sid);
    if (!call) throw notFound(url);
    return call;
  };

  app.post<Request>(path, (request, reply) => reply.code(201).send(shapes.call(place(deps, request.body))));
  app.get<Request>(path, (request) => {
    const { To: to, From: from, Status: status } = request.query;
    const found = [...world.calls.values()]
      .filter((call) => (!to || call.to === to) && (!from || call.from === from) && (!status || call.status === status))
      .reverse();
    return shapes.page("calls", path, found.map(shapes.call), request.query);
  });
  app.get<Request>(`${shapes.base}/Calls/:sid.json`, (request) => shapes.call(find(request.params.sid, request.url)));
  app.post<Request>(`${shapes.base}/Calls/:sid.json`, (request) => {
    const call = find(request.params.sid, request.url);
    update(world, call, request.body);
    return shapes.call(call);
  });
}

function place({ world, operatorPhones, pacer }: RestDeps, fields: Fields | null): Call {
  const to = textOf(fields, "To");
  const from = textOf(fields, "From");
  if (to === "") throw new RestProblem(400, 21201, "No 'To' number is specified");
  if (from === "") throw new RestProblem(400, 21213, "No 'From' number is specified");
  if (!/^(\+\d{7,15}|client:.+|sip:.+)$/.test(to))
    throw new RestProblem(400, 21211, "The 'To' number is not a valid phone number.");
  if (!world.numbers.includes(from)) {
    throw new RestProblem(400, 21210, "The source phone number provided is not yet verified for your account.");
  }
  const plan = operatorPhones.planOf(to);
  if (plan === "refused")
    throw new RestProblem(400, 21217, "Phone number does not appear to be valid and cannot be called.");
  const source = sourceOf(fields);
  const fallbackUrl = textOf(fields, "FallbackUrl");
  const call = createCall(world, {
    from,
    to,
    direction: "outbound-api",
    queuedMs: pacer(),
    fallback: fallbackUrl === "" ? null : { url: fallbackUrl, method: methodOf(fields, "FallbackMethod") },
    statusCallback: callbackOf(fields),
  });
  const ringSeconds = Math.min(600, Number(textOf(fields, "Timeout") || 60));
  void runOutbound(world, call, { source, plan, ringSeconds });
  operatorPhones.rings(call);
  return call;
}

function callbackOf(fields: Fields | null): StatusCallback | null {
  const url = textOf(fields, "StatusCallback");
  if (url === "") return null;
  const asked = listOf(fields, "StatusCallbackEvent");
  const events = EVENTS.filter((event) => (asked.length === 0 ? event === "completed" : asked.includes(event)));
  return { url, method: methodOf(fields, "StatusCallbackMethod"), events: new Set(events) };
}

function update(world: World, call: Call, fields: Fields | null): void {
  if (isOver(call)) throw notInProgress();
  const status = textOf(fields, "Status");
  if (status !== "") return end(world, call, status);
  const source = sourceOf(fields);
  if (call.status !== "in-progress") throw notInProgress();
  redirect(world, call, source);
}

function end(world: World, call: Call, status: string): void {
  if (status === "completed") return endCall(world, call, "detour");
  if (status !== "canceled") throw new RestProblem(400, 21218, "Status must be completed or canceled");
  if (call.status !== "queued" && call.status !== "ringing") throw notInProgress();
  endCall(world, call, "detour", "canceled");
}

const notInProgress = () => new RestProblem(400, 21220, "Call is not in-progress. Cannot redirect.");
