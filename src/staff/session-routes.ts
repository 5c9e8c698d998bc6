import { problem, sendProblem } from "#http";
import type { Database } from "#db";
import { recordEvents } from "#db";
import { between, days, locales, seconds, storable, type Clock } from "#kit";
import type { FastifyInstance, FastifyReply } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";
import type { Accounts } from "./accounts.ts";
import { emailKey } from "./core/account.ts";
import type { Role } from "./door.ts";
import type { Gate } from "./guard.ts";
import { isPassword } from "./passwords.ts";
import type { Presences } from "./presences.ts";
import type { Sessions } from "./sessions.ts";
import type { StaffSettings } from "./settings.ts";
import type { SignInGuard } from "./sign-in-guard.ts";

export const roles = ["operator", "supervisor", "admin"] as const satisfies Role[];
export const presence = z.object({ status: z.enum(["online", "away", "offline"]), reason: z.string().nullable() });
const signedIn = z.object({ id: z.string(), name: z.string(), role: z.enum(roles), locale: z.enum(locales) });

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

const signOutSchema = { tags, summary: "Sign out; the operator goes offline", response: { 204: z.null(), 403: problem } };

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
export interface SessionRoutesDeps {
  front: Database;
  clock: Clock;
  settings: StaffSettings;
  cookie: { name: string; secure: boolean };
  gate: Gate;
  accounts: Accounts;
  sessions: Sessions;
  presences: Presences;
  signIns: SignInGuard;
}

/** Signing in and out, and being there. */
export function addSessionRoutes(plain: FastifyInstance, deps: SessionRoutesDeps): void {
  const { front, clock, gate, accounts, sessions, presences, signIns } = deps;
  const app = plain.withTypeProvider<ZodTypeProvider>();
  const open = { config: { open: true }, onRequest: gate.refuseForeign };
  const anybody = { onRequest: gate.guard(...roles) };

  app.post("/session", { schema: signInSchema, ...open }, async (request, reply) => {
    const { email, password } = request.body;
    const key = emailKey(email);
    const turn = signIns.begin(key, request.ip);
    if (turn.kind === "wait") return sendWait(reply, Math.ceil(between(clock.now(), turn.until) / seconds(1)));
    try {
      const account = await accounts.withHash(email);
      if (!(await isPassword(password, account?.hash ?? null)) || !account)
        return await reply.code(401).send({ code: "sign_in_failed", message: "The email or the password is not right. Check both and try again." });
      const token = await front.tx(async (tx) => {
        await recordEvents(tx, [{ at: clock.now(), kind: "operator.signed-in", operatorId: account.id }]);
        return sessions.open(tx, account.id);
      });
      await sessions.close(gate.tokenOf(request));
      signIns.succeed(key, request.ip);
      setCookie(reply, deps, token);
      const { id, name, role, locale } = account;
      return await reply.send({ operator: { id, name, role, locale } });
    } catch (error) {
      signIns.giveUp(key, request.ip);
      throw error;
    }
  });

  app.delete("/session", { schema: signOutSchema, ...open }, async (request, reply) => {
    const operator = await gate.authenticate(request);
    await sessions.close(gate.tokenOf(request));
    if (operator) await front.tx((tx) => presences.change(tx, operator.id, { status: "offline", reason: null }));
    reply.clearCookie(deps.cookie.name, cookieOptions(deps));
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

const cookieOptions = ({ cookie }: SessionRoutesDeps) => ({ path: "/", httpOnly: true, sameSite: "lax" as const, secure: cookie.secure });

const setCookie = (reply: FastifyReply, deps: SessionRoutesDeps, token: string) =>
  reply.setCookie(deps.cookie.name, token, { ...cookieOptions(deps), maxAge: days(deps.settings.SESSION_DAYS) / seconds(1) });

const sendWait = (reply: FastifyReply, waitSeconds: number) => {
  reply.header("retry-after", String(waitSeconds));
  return sendProblem(reply, 429, { code: "too_many_attempts", message: `Too many sign-ins failed. Wait ${waitSeconds} s and try again.` });
};
