import fastify from "fastify";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { InFlight } from "../kit/inflight.ts";
import type { Journal } from "../kit/journal.ts";
import { cut, late, watch } from "../kit/wire.ts";
import { isRefusal, refusal, unknownObject } from "./errors.ts";
import type { Refusal } from "./errors.ts";
import type { Given } from "./media.ts";
import { createLimiter, handleSend } from "./sends.ts";
import { listedTemplate } from "./templates.ts";
import type { World } from "./world.ts";

interface ServerDeps {
  world: World;
  journal: Journal;
  inFlight: InFlight;
  baseUrl(): string;
}

const LARGEST_UPLOAD = 101 * 1024 * 1024;

/** The Cloud API's side of the wire: tokens, routes and the faults of the day. */
export function createServer(deps: ServerDeps): FastifyInstance {
  const { world } = deps;
  const app = fastify({ forceCloseConnections: true, bodyLimit: LARGEST_UPLOAD });
  app.addContentTypeParser(/^multipart\//, { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  watch(app, {
    ...deps,
    isDown: () => world.faults.api.down,
    entry: ({ url, body }) => ({
      to: "whatsapp",
      path: url,
      params: Buffer.isBuffer(body) ? "a file" : (body ?? null),
    }),
  });
  app.addHook("preHandler", async (request, reply) => {
    const refused = refuseToken(request, world.account.accessToken) ?? refuseByFault(world);
    if (world.faults.api.cutBeforeAccept && strikes(world)) cut(reply);
    else if (refused) await reply.code(refused.status).send(refused.body ?? "");
  });
  app.setErrorHandler(async (error: Error, _request, reply) => answer(reply, refusal(100, error.message)));
  app.setNotFoundHandler(async (request, reply) => answer(reply, unknownObject(request.url)));
  addRoutes(app, deps);
  return app;
}

function addRoutes(app: FastifyInstance, deps: ServerDeps): void {
  const { world } = deps;
  const { account, media } = world;
  const limiter = createLimiter(world);
  type Named = { Params: { id: string } };

  app.post<Named>("/:version/:id/messages", async (request, reply) => {
    if (request.params.id !== account.phoneNumberId) return answer(reply, unknownObject(request.params.id));
    const before = world.accepted.length;
    const { status, body } = handleSend(world, request.body, limiter);
    const carriedOut = world.accepted.length > before;
    await late(world.clock, deps.inFlight, request, world.faults.api.delayMs);
    if (carriedOut && world.faults.api.cutAfterAccept && strikes(world)) return cut(reply);
    return reply.code(status).send(body);
  });
  app.post<Named>("/:version/:id/media", async (request, reply) => {
    if (request.params.id !== account.phoneNumberId) return answer(reply, unknownObject(request.params.id));
    await late(world.clock, deps.inFlight, request, world.faults.media.delayMs);
    return answer(reply, await media.upload(request.body as Buffer, request.headers["content-type"] ?? ""));
  });
  app.get<Named>("/:version/:id/message_templates", async (request, reply) => {
    if (request.params.id !== account.businessAccountId) return answer(reply, unknownObject(request.params.id));
    return { data: world.templates.map(listedTemplate), paging: { cursors: { before: "MAZDZD", after: "MjQZD" } } };
  });
  app.get<Named>("/:version/:id", async (request, reply) => {
    const { id } = request.params;
    return id === account.phoneNumberId ? phoneNumberOf(world) : answer(reply, media.describe(id, deps.baseUrl()));
  });
  app.get<{ Querystring: { mid?: string; ext?: string } }>(
    "/whatsapp_business/attachments/",
    async (request, reply) => {
      await late(world.clock, deps.inFlight, request, world.faults.media.delayMs);
      return give(reply, media.download(request.query.mid ?? "", request.query.ext ?? ""));
    },
  );
}

/** A file of which only a part comes is cut off where it ends. */
function give(reply: FastifyReply, given: Given): FastifyReply {
  if (given.kind === "status") return reply.code(given.status).send();
  if (given.kind === "redirect") return reply.redirect(given.to);
  const { bytes, length, mimeType } = given;
  if (bytes.length === length) return reply.type(mimeType).send(bytes);
  reply.hijack();
  reply.raw.writeHead(200, { "content-type": mimeType, "content-length": length });
  reply.raw.write(bytes, () => reply.raw.destroy());
  return reply;
}

const phoneNumberOf = ({ account }: World) => ({
  id: account.phoneNumberId,
  display_phone_number: `+${account.displayNumber}`,
  verified_name: account.businessName,
  quality_rating: "GREEN",
  code_verification_status: "VERIFIED",
});

const answer = (reply: FastifyReply, result: object) =>
  isRefusal(result) ? reply.code(result.status).send(result.body) : reply.send(result);

function refuseToken(request: FastifyRequest, accessToken: string): Refusal | null {
  if (request.headers.authorization === `Bearer ${accessToken}`) return null;
  return refusal(190, "Invalid OAuth access token - Cannot parse access token");
}

const strikes = ({ faults, random }: World) => random.chance(faults.api.chance);

const codeOfStatus = { 429: 130429, 500: 131000, 503: 131016 };

function refuseByFault(world: World): { status: number; body: object | null } | null {
  const { status, errorCode, empty } = world.faults.api;
  if ((status === null && errorCode === null) || !strikes(world)) return null;
  const code = errorCode ?? codeOfStatus[status!];
  const refused = refusal(code, "Refused on purpose by the stand-in.", status === null ? {} : { status });
  return empty ? { status: refused.status, body: null } : refused;
}
