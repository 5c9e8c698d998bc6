import { problem, sendProblem } from "#http";
import { storable, storableJson, unreachable, type JsonObject } from "#kit";
import type { Staff } from "#staff";
import type { FastifyReply } from "fastify";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import type { ConnectionKind } from "./connection.ts";
import type { Connections } from "./connections.ts";
import { connectionView, connectionViews, kindView } from "./connection-views.ts";
import type { Registrar, Removed, Saved } from "./registrar.ts";

export interface ConnectionRoutesDeps {
  staff: Pick<Staff, "guard" | "operatorOf">;
  kinds: Map<string, ConnectionKind>;
  connections: Connections;
  registrar: Registrar;
  publicUrl: string;
}

const tags = ["connections"];
const one = z.object({ connection: connectionView });
const params = z.object({ id: z.string().max(100) });
const name = z.string().trim().min(1).max(100).transform(storable);
const brand = z.string().max(40).nullable().describe("The brand it serves; null serves every brand.");
const settings = z.record(z.string().max(100), z.json());

const listSchema = {
  tags,
  summary: "Our accounts at providers, and the kinds there are (administrators)",
  response: {
    200: z.object({ connections: z.array(connectionView), kinds: z.array(kindView) }),
    401: problem,
    403: problem,
  },
};

const addSchema = {
  tags,
  summary: "Connect an account; it is in use at once, in every process (administrators)",
  body: z.strictObject({
    kind: z.string().max(40),
    name,
    brand: brand.optional(),
    enabled: z.boolean().optional(),
    settings,
  }),
  response: { 201: one, 401: problem, 403: problem, 409: problem, 422: problem },
};

const changeSchema = {
  tags,
  summary: "Change a connection; fields of settings that are left out stay, secrets too (administrators)",
  params,
  body: z.strictObject({
    name: name.optional(),
    brand: brand.optional(),
    enabled: z.boolean().optional(),
    settings: settings.optional(),
  }),
  response: { 200: one, 401: problem, 403: problem, 404: problem, 409: problem, 422: problem },
};

const removeSchema = {
  tags,
  summary: "Disconnect an account and forget its secrets (administrators)",
  params,
  response: { 204: z.null(), 401: problem, 403: problem, 404: problem, 409: problem },
};

const checkSchema = {
  tags,
  summary: "Try a connection with a real round trip to the provider (administrators)",
  params,
  response: {
    200: z.object({
      ok: z.boolean(),
      sentence: z.string().nullable().describe("What is wrong and what to do; null when it works."),
      facts: z.record(z.string(), z.json()).describe("What the provider said about the account."),
    }),
    401: problem,
    403: problem,
    404: problem,
  },
};

/** Connections for administrators. Secrets go in and never come out. */
export function connectionRoutes(deps: ConnectionRoutesDeps): FastifyPluginAsyncZod {
  const { staff, kinds, connections, registrar, publicUrl } = deps;
  const all = () => connectionViews(connections, kinds, publicUrl);
  const viewOf = (id: string) => ({ connection: all().find((connection) => connection.id === id)! });

  return async (app) => {
    app.addHook("onRequest", staff.guard("admin"));

    app.get("/connections", { schema: listSchema }, async () => ({
      connections: all(),
      kinds: [...kinds.values()].map((kind) => ({
        kind: kind.kind,
        secrets: [...kind.secrets],
        schema: z.toJSONSchema(kind.schema, { io: "input" }) as JsonObject,
      })),
    }));

    app.post("/connections", { schema: addSchema }, async (request, reply) => {
      const given = { ...request.body, settings: storableJson(request.body.settings as JsonObject) };
      const outcome = await registrar.add(given, staff.operatorOf(request).id);
      return outcome.kind === "saved" ? reply.code(201).send(viewOf(outcome.id)) : refuse(reply, outcome);
    });

    app.patch("/connections/:id", { schema: changeSchema }, async (request, reply) => {
      const given = {
        ...request.body,
        settings: request.body.settings && storableJson(request.body.settings as JsonObject),
      };
      const outcome = await registrar.change(request.params.id, given, staff.operatorOf(request).id);
      return outcome.kind === "saved" ? reply.send(viewOf(outcome.id)) : refuse(reply, outcome);
    });

    app.delete("/connections/:id", { schema: removeSchema }, async (request, reply) => {
      const outcome = await registrar.remove(request.params.id, staff.operatorOf(request).id);
      return outcome.kind === "removed" ? reply.code(204).send(null) : refuse(reply, outcome);
    });

    app.post("/connections/:id/check", { schema: checkSchema }, async (request, reply) => {
      const checked = await registrar.check(request.params.id);
      if (!checked) return refuse(reply, { kind: "not-found" });
      return checked.ok
        ? { ok: true, sentence: null, facts: checked.facts }
        : { ok: false, sentence: checked.sentence, facts: {} };
    });
  };
}

function refuse(reply: FastifyReply, outcome: Exclude<Saved | Removed, { kind: "saved" | "removed" }>): FastifyReply {
  switch (outcome.kind) {
    case "wrong-field":
      return sendProblem(reply, 422, {
        code: "invalid_field",
        field: outcome.field,
        message: `The field "${outcome.field}" is not right: ${outcome.words}.`,
      });
    case "no-key":
      return sendProblem(reply, 409, {
        code: "no_secrets_key",
        message: "Secrets cannot be kept, because SECRETS_KEY is not set. Set it in .env and start again.",
      });
    case "taken":
      return sendProblem(reply, 409, {
        code: "connection_exists",
        message: "This account has a connection already. Change that one.",
      });
    case "of-environment":
      return sendProblem(reply, 409, {
        code: "connection_in_env",
        message: "This connection stands in .env. Change it there and start again.",
      });
    case "not-found":
      return sendProblem(reply, 404, { code: "connection_not_found", message: "There is no such connection." });
    default:
      return unreachable(outcome);
  }
}
