import type { FastifyInstance } from "fastify";
import type { World } from "./world.ts";
import { callRoutes } from "./rest-calls.ts";
import type { Messages } from "./messages.ts";
import type { OperatorPhones } from "./phones.ts";
import { redirect } from "./call.ts";
import { RestProblem, notFound } from "./rest-problem.ts";
import { sourceOf, textOf } from "./rest-fields.ts";
import type { Fields } from "./rest-fields.ts";
import { createShapes } from "./rest-shapes.ts";
import type { Shapes } from "./rest-shapes.ts";

export interface RestDeps {
  world: World;
  messages: Messages;
  operatorPhones: OperatorPhones;
  /** How long a new call is held back. */
  pacer: () => number;
}

interface Request {
  Params: Record<"sid" | "member", string>;
  Querystring: Record<string, string>;
  Body: Fields | null;
}

/** The part of Twilio's REST API that the application uses. */
export function restRoutes(app: FastifyInstance, deps: RestDeps): void {
  const shapes = createShapes(deps.world);
  callRoutes(app, deps, shapes);
  queueRoutes(app, deps, shapes);
  memberRoutes(app, deps, shapes);
  messageRoutes(app, deps, shapes);
  numberRoutes(app, deps, shapes);
}

function queueRoutes(app: FastifyInstance, { world }: RestDeps, shapes: Shapes): void {
  const path = `${shapes.base}/Queues.json`;
  const find = (sid: string, url: string) => {
    const queue = world.queues.bySid(sid);
    if (!queue) throw notFound(url);
    return queue;
  };

  app.get<Request>(path, (request) => shapes.page("queues", path, world.queues.all().map(shapes.queue), request.query));
  app.post<Request>(path, (request, reply) => {
    const name = textOf(request.body, "FriendlyName");
    if (name === "") throw new RestProblem(400, 20001, "FriendlyName is required");
    if (world.queues.byName(name)) throw new RestProblem(400, 22003, "Queue name must be unique");
    const queue = world.queues.create(name, sizeOf(request.body) ?? 1000);
    return reply.code(201).send(shapes.queue(queue));
  });
  app.get<Request>(`${shapes.base}/Queues/:sid.json`, (request) => shapes.queue(find(request.params.sid, request.url)));
  app.post<Request>(`${shapes.base}/Queues/:sid.json`, (request) => {
    const queue = find(request.params.sid, request.url);
    queue.maxSize = sizeOf(request.body) ?? queue.maxSize;
    queue.name = textOf(request.body, "FriendlyName") || queue.name;
    return shapes.queue(queue);
  });
}

function memberRoutes(app: FastifyInstance, { world }: RestDeps, shapes: Shapes): void {
  const one = `${shapes.base}/Queues/:sid/Members/:member.json`;
  const find = (sid: string, member: string, url: string) => {
    const places = world.queues.bySid(sid)?.places ?? [];
    const place = member === "Front" ? places[0] : places.find(({ call }) => call.sid === member);
    if (!place) throw notFound(url);
    return place;
  };

  app.get<Request>(`${shapes.base}/Queues/:sid/Members.json`, (request) => {
    const queue = world.queues.bySid(request.params.sid);
    if (!queue) throw notFound(request.url);
    const path = `${shapes.base}/Queues/${queue.sid}/Members.json`;
    const members = queue.places.map((place, index) => shapes.member(place, index + 1));
    return shapes.page("queue_members", path, members, request.query);
  });
  app.get<Request>(one, (request) => {
    const place = find(request.params.sid, request.params.member, request.url);
    return shapes.member(place, place.position());
  });
  app.post<Request>(one, (request) => {
    const source = sourceOf(request.body);
    const place = find(request.params.sid, request.params.member, request.url);
    const position = place.position();
    redirect(world, place.call, source);
    return shapes.member(place, position);
  });
}

function messageRoutes(app: FastifyInstance, { world, messages }: RestDeps, shapes: Shapes): void {
  const path = `${shapes.base}/Messages.json`;

  app.post<Request>(path, (request, reply) => {
    const [to, from, body] = ["To", "From", "Body"].map((name) => textOf(request.body, name)) as [
      string,
      string,
      string,
    ];
    if (to === "") throw new RestProblem(400, 21604, "A 'To' phone number is required.");
    if (from === "" && textOf(request.body, "MessagingServiceSid") === "") {
      throw new RestProblem(400, 21603, "A 'From' phone number is required.");
    }
    if (body === "") throw new RestProblem(400, 21602, "Message body is required.");
    if (body.length > 1600)
      throw new RestProblem(400, 21617, "The concatenated message body exceeds the 1600 character limit.");
    const url = textOf(request.body, "StatusCallback");
    const callback = url === "" ? null : { url, method: "POST" as const };
    const message = messages.send({ from: from || world.number.number, to, body, callback });
    return reply.code(201).send(shapes.message(message));
  });
  app.get<Request>(path, (request) => {
    const { To: to, From: from } = request.query;
    const found = messages.all.filter((message) => (!to || message.to === to) && (!from || message.from === from));
    return shapes.page("messages", path, found.map(shapes.message).reverse(), request.query);
  });
  app.get<Request>(`${shapes.base}/Messages/:sid.json`, (request) => {
    const message = messages.all.find(({ sid }) => sid === request.params.sid);
    if (!message) throw notFound(request.url);
    return shapes.message(message);
  });
}

function numberRoutes(app: FastifyInstance, { world }: RestDeps, shapes: Shapes): void {
  const path = `${shapes.base}/IncomingPhoneNumbers.json`;
  const sid = world.sid("PN");

  app.get<Request>(path, (request) => {
    const wanted = request.query["PhoneNumber"];
    const ours = !wanted || wanted === world.number.number ? [shapes.incomingNumber(sid)] : [];
    return shapes.page("incoming_phone_numbers", path, ours, request.query);
  });
}

const sizeOf = (fields: Fields | null): number | null => {
  const text = textOf(fields, "MaxSize");
  return text === "" ? null : Number(text);
};
