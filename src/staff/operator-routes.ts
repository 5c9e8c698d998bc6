import { problem, sendProblem } from "#http";
import { locales, screenLocales, storable, unreachable, type OperatorId } from "#kit";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Accounts } from "./accounts.ts";
import { MIN_PASSWORD, readEndpoint } from "./core/account.ts";
import type { Gate } from "./guard.ts";
import { presence, roles } from "./session-routes.ts";

const tags = ["operators"];
const account = z.object({
  id: z.string(),
  email: z.string(),
  name: z.string(),
  role: z.enum(roles),
  locale: z.enum(screenLocales),
  languages: z.array(z.enum(locales)),
  capacity: z.number().int(),
  phone: z.string().nullable(),
  disabled: z.boolean(),
});

const password = z.string().min(MIN_PASSWORD, `must have at least ${MIN_PASSWORD} characters`).max(200);
const capacity = z.number().int().min(0).max(50);
const phone = z.string().max(300).nullable();
const role = z.enum(roles);
const languages = z.array(z.enum(locales)).min(1, "must name a language").describe("Spoken with customers.");

const listSchema = {
  tags,
  summary: "Colleagues, and how busy each of them is",
  response: {
    200: z.object({
      operators: z.array(z.object({ id: z.string(), name: z.string(), role, presence, openChats: z.number().int() })),
    }),
    401: problem,
  },
};

const createSchema = {
  tags,
  summary: "Create an account (administrators)",
  body: z.strictObject({
    email: z.email("must be an email address").max(254),
    name: z.string().trim().min(1).max(100).transform(storable),
    role,
    password,
    locale: z.enum(screenLocales),
    capacity,
    languages: languages.optional(),
    phone: phone.optional(),
  }),
  response: { 201: z.object({ operator: account }), 401: problem, 403: problem, 409: problem, 422: problem },
};

const changeSchema = {
  tags,
  summary: "Change an account (administrators); a new password or role ends its sessions",
  params: z.object({ id: z.uuid() }),
  body: z.strictObject({
    role: role.optional(),
    disabled: z.boolean().optional(),
    password: password.optional(),
    capacity: capacity.optional(),
    languages: languages.optional(),
    phone: phone.optional(),
  }),
  response: {
    200: z.object({ operator: account }),
    401: problem,
    403: problem,
    404: problem,
    409: problem,
    422: problem,
  },
};

const wrongPhone = {
  code: "invalid_field",
  field: "phone",
  message:
    'The field "phone" is not right: give a telephone number such as +79161234567, client:name or sip:user@host.',
};

/** The list of operators for everybody, their accounts for administrators. */
export function addOperatorRoutes(
  plain: FastifyInstance,
  { gate, accounts }: { gate: Gate; accounts: Accounts },
): void {
  const app = plain.withTypeProvider<ZodTypeProvider>();
  const anybody = { onRequest: gate.guard(...roles) };
  const admins = { onRequest: gate.guard("admin") };

  app.get("/operators", { schema: listSchema, ...anybody }, async () => ({ operators: await accounts.colleagues() }));

  app.post("/operators", { schema: createSchema, ...admins }, async (request, reply) => {
    const given = request.body.phone ?? null;
    const endpoint = given === null ? null : readEndpoint(given);
    if (given !== null && endpoint === null) return sendProblem(reply, 422, wrongPhone);
    const created = await accounts.create({ ...request.body, phone: endpoint }, gate.operatorOf(request).id);
    if (created) return reply.code(201).send({ operator: created });
    return sendProblem(reply, 409, {
      code: "email_taken",
      field: "email",
      message: "Somebody already has this email. Choose another.",
    });
  });

  app.patch("/operators/:id", { schema: changeSchema, ...admins }, async (request, reply) => {
    const { phone: given, ...rest } = request.body;
    const endpoint = typeof given === "string" ? readEndpoint(given) : given;
    if (typeof given === "string" && endpoint === null) return sendProblem(reply, 422, wrongPhone);
    const change = endpoint === undefined ? rest : { ...rest, phone: endpoint };
    const outcome = await accounts.change(request.params.id as OperatorId, change, gate.operatorOf(request).id);
    switch (outcome.kind) {
      case "changed":
        return reply.send({ operator: outcome.account });
      case "not-found":
        return sendProblem(reply, 404, { code: "operator_not_found", message: "There is no such operator." });
      case "last-admin":
        return sendProblem(reply, 409, {
          code: "last_admin",
          message: "This is the last administrator. Make somebody else one first.",
        });
      default:
        return unreachable(outcome);
    }
  });
}
