import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from "fastify";
import type { Json, JsonObject } from "#kit";
import type { InFlight } from "../kit/inflight.ts";
import type { Journal } from "../kit/journal.ts";
import { createPaces } from "../kit/pace.ts";
import { aside, cut, late, watch } from "../kit/wire.ts";
import { carryOut, type Call, type Upload } from "./methods.ts";
import { badRequest, isRefusal, notFound, tooMany, unauthorized, type Refusal } from "./refusal.ts";
import { botOf, type World } from "./world.ts";

interface ServerDeps {
  world: World;
  journal: Journal;
  inFlight: InFlight;
  /** Told about every call that was answered, however. */
  onCall(method: string, params: JsonObject, answer: Json | Refusal): void;
}

type Named = { Params: { token: string; method: string; "*": string }; Querystring: Record<string, string> };

const LARGEST_UPLOAD = 50 * 1024 * 1024;

/** The Bot API's side of the wire: tokens in the path, JSON or multipart in, `{ ok, result }` out. */
export function createServer({ world, journal, inFlight, onCall }: ServerDeps): FastifyInstance {
  const { faults, clock, random } = world;
  const paces = createPaces(clock);
  const app = fastify({
    forceCloseConnections: true,
    bodyLimit: LARGEST_UPLOAD,
    routerOptions: { maxParamLength: 200 },
  });
  app.addContentTypeParser(/^multipart\//, { parseAs: "buffer" }, (_request, body, done) => done(null, body));
  watch(app, {
    journal,
    inFlight,
    isDown: () => faults.api.down,
    entry: ({ url, body }) => ({
      to: "telegram",
      path: url.replace(/\/bot[^/]+/, "/bot"),
      params: Buffer.isBuffer(body) ? "a file" : (body ?? null),
    }),
  });
  app.setErrorHandler(async (error: Error, _request, reply) => refuse(reply, badRequest(error.message)));
  app.setNotFoundHandler(async (_request, reply) => refuse(reply, notFound()));

  const strikes = (method: string) =>
    (faults.api.methods.length === 0 || faults.api.methods.includes(method)) && random.chance(faults.api.chance);

  async function answer(request: FastifyRequest<Named>, reply: FastifyReply) {
    const { token, method } = request.params;
    const bot = botOf(world, token);
    if (!bot) return refuse(reply, unauthorized());
    if (faults.api.cutBeforeAccept && strikes(method)) return cut(reply);
    if (faults.api.status !== null && strikes(method)) return refuse(reply, onPurpose(world));
    const call: Call = { world, bot, method, ...(await readCall(request)) };
    const working = carryOut(call, paces);
    if (working === null) return refuse(reply, notFound());
    const result = working instanceof Promise ? await aside(inFlight, request, working) : working;
    onCall(method, call.params, result);
    if (faults.api.delayMs > 0 && strikes(method)) await late(clock, inFlight, request, faults.api.delayMs);
    if (!isRefusal(result) && faults.api.cutAfterAccept && strikes(method)) return cut(reply);
    return isRefusal(result) ? refuse(reply, result) : reply.send({ ok: true, result });
  }
  app.post<Named>("/bot:token/:method", answer);
  app.get<Named>("/bot:token/:method", answer);

  app.get<Named>("/file/bot:token/*", async (request, reply) => {
    const file = botOf(world, request.params.token) && world.files.byPath(request.params["*"]);
    return file ? reply.type("application/octet-stream").send(file.bytes) : refuse(reply, notFound());
  });
  return app;
}

const refuse = (reply: FastifyReply, refusal: Refusal) => reply.code(refusal.error_code).send(refusal);

function onPurpose({ faults: { api } }: World): Refusal {
  if (api.status === 429) return tooMany(api.retryAfter);
  const description = api.status === 502 ? "Bad Gateway" : "Internal Server Error";
  return { ok: false, error_code: api.status!, description };
}

/** Parameters come in the query, as JSON, or as a form whose fields may be JSON. */
async function readCall({ body, query, headers }: FastifyRequest<Named>): Promise<Pick<Call, "params" | "uploads">> {
  const uploads = new Map<string, Upload>();
  if (!Buffer.isBuffer(body)) return { params: { ...query, ...(body as JsonObject | null) }, uploads };
  const type = headers["content-type"] ?? "";
  const form = await new Response(new Uint8Array(body), { headers: { "content-type": type } }).formData();
  const params: JsonObject = {};
  for (const [name, value] of form) {
    if (typeof value === "string") params[name] = parsed(name, value);
    else
      uploads.set(name, { bytes: Buffer.from(await value.arrayBuffer()), mimeType: value.type, fileName: value.name });
  }
  return { params, uploads };
}

const TEXTS = new Set(["text", "caption"]);

function parsed(name: string, value: string): Json {
  if (TEXTS.has(name)) return value;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return value;
  }
}
