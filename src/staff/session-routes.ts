import { problem, sendProblem } from "#http";
import { days, screenLocales, seconds, storable, unreachable } from "#kit";
import type { FastifyInstance, FastifyReply } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Role } from "./door.ts";
import type { Gate } from "./guard.ts";
import type { Presences } from "./presences.ts";
import type { StaffSettings } from "./settings.ts";
import { signIn, type SignInDeps } from "./sign-in.ts";

/** Every role there is. */
export const roles = ["operator", "supervisor", "admin"] as const satisfies Role[];
/** Presence as the API shows it. */
export const presence = z.object({ status: z.enum(["online", "away", "offline"]), reason: z.string().nullable() });
const signedIn = z.object({ id: z.string(), name: z.string(), role: z.enum(roles), locale: z.enum(screenLocales) });

const tags = ["session"];

const signInSchema = {
  tags,
  summary: "Sign in; the session comes as a cookie",
  body: z.strictObject({
    email: z.string().min(1).max(254).transform(storable),
    password: z.string().min(1).max(200),
  }),
  response: { 200: z.object({ operator: signedIn }), 401: problem, 403: problem, 422: problem, 429: problem },
};

const signOutSchema = {
  tags,
  summary: "Sign out; the operator goes offline",
  response: { 204: z.null(), 403: problem },
};

const whoSchema = {
  tags,
  summary: "Who is signed in",
  response: { 200: z.object({ operator: signedIn, presence }), 401: problem },
};

const presenceSchema = {
  tags,
  summary: "Say whether you take work",
  body: z.strictObject({
    status: z.enum(["online", "away", "offline"]),
    reason: z.string().trim().max(100).transform(storable).nullable().default(null),
  }),
  response: { 200: z.object({ presence }), 401: problem, 403: problem, 422: problem },
};

/** What the routes of sign-in and presence need. */
export interface SessionRoutesDeps extends SignInDeps {
  settings: StaffSettings;
  cookie: { name: string; secure: boolean };
  gate: Gate;
  presences: Presences;
}

/** Signing in and out, and being there. */
export function addSessionRoutes(plain: FastifyInstance, deps: SessionRoutesDeps): void {
  const { front, cookie, gate, sessions, presences } = deps;
  const cookieOptions = { path: "/", httpOnly: true, sameSite: "lax" as const, secure: cookie.secure };
  const app = plain.withTypeProvider<ZodTypeProvider>();
  const open = { config: { open: true }, onRequest: gate.refuseForeign };
  const anybody = { onRequest: gate.guard(...roles) };

  app.post("/session", { schema: signInSchema, ...open }, async (request, reply) => {
    const outcome = await signIn(deps, { ...request.body, address: request.ip });
    switch (outcome.kind) {
      case "wait":
        return sendWait(reply, outcome.seconds);
      case "failed":
        return sendProblem(reply, 401, WRONG);
      case "signed-in":
        await sessions.close(gate.tokenOf(request));
        reply.setCookie(cookie.name, outcome.token, {
          ...cookieOptions,
          maxAge: days(deps.settings.SESSION_DAYS) / seconds(1),
        });
        return reply.send({ operator: outcome.operator });
      default:
        return unreachable(outcome);
    }
  });

  app.delete("/session", { schema: signOutSchema, ...open }, async (request, reply) => {
    const operator = await gate.authenticate(request);
    await sessions.close(gate.tokenOf(request));
    if (operator) await front.tx((tx) => presences.change(tx, operator.id, { status: "offline", reason: null }));
    reply.clearCookie(cookie.name, cookieOptions);
    return reply.code(204).send(null);
  });

  app.get("/session", { schema: whoSchema, ...anybody }, async (request) => {
    const { id, name, role, locale } = gate.operatorOf(request);
    return { operator: { id, name, role, locale }, presence: await presences.of(id) };
  });

  app.put("/presence", { schema: presenceSchema, ...anybody }, async (request) => {
    const { id } = gate.operatorOf(request);
    await front.tx((tx) => presences.change(tx, id, request.body));
    return { presence: request.body };
  });
}

const WRONG = { code: "sign_in_failed", message: "The email or the password is not right. Check both and try again." };

const sendWait = (reply: FastifyReply, waitSeconds: number) => {
  reply.header("retry-after", String(waitSeconds));
  return sendProblem(reply, 429, {
    code: "too_many_attempts",
    message: `Too many sign-ins failed. Wait ${waitSeconds} s and try again.`,
  });
};
