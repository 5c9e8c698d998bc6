import { admit, isOwnOrigin, sendProblem } from "#http";
import type { FastifyReply, FastifyRequest } from "fastify";
import { isForeign } from "./core/foreign.ts";
import type { Operator, Role, Staff } from "./door.ts";
import type { Sessions } from "./sessions.ts";

/** Runs before a handler; answers the reply when the request goes no further. */
type Check = (request: FastifyRequest, reply: FastifyReply) => Promise<FastifyReply | undefined>;

/** Lets requests in, and remembers whose they are. */
export interface Gate {
  guard: (...roles: Role[]) => Check;
  /** For the few routes without a sign-in that still change something. */
  refuseForeign: Check;
  operatorOf: Staff["operatorOf"];
  authenticate: Staff["authenticate"];
  /** The token in the session's cookie; empty when there is none. */
  tokenOf: (request: FastifyRequest) => string;
}

const FOREIGN = {
  code: "foreign_request",
  message:
    "This request did not come from a page of ours. Send it with the header X-Detour: 1 and a JSON body, a file or none.",
};

/** Everything between a request and its operator. */
export function createGate(
  sessions: Sessions,
  { publicUrl, cookieName }: { publicUrl: string; cookieName: string },
): Gate {
  const operators = new WeakMap<FastifyRequest, Operator>();
  const tokenOf = (request: FastifyRequest) => request.cookies[cookieName] ?? "";

  const refuseForeign: Check = async (request, reply) =>
    isForeign(senderOf(request, publicUrl)) ? sendProblem(reply, 403, FOREIGN) : undefined;

  const check = async (request: FastifyRequest, reply: FastifyReply, roles: Role[]) => {
    const refused = await refuseForeign(request, reply);
    if (refused) return refused;
    const operator = await sessions.use(tokenOf(request));
    if (!operator) return sendProblem(reply, 401, { code: "not_signed_in", message: "Sign in first." });
    if (!roles.includes(operator.role)) return sendProblem(reply, 403, notAllowed(roles));
    operators.set(request, operator);
    admit(request);
    return undefined;
  };

  return {
    guard:
      (...roles) =>
      (request, reply) =>
        check(request, reply, roles),
    refuseForeign,
    tokenOf,
    authenticate: (request) => sessions.find(tokenOf(request)),
    operatorOf(request) {
      const operator = operators.get(request);
      if (!operator) throw new Error("This route has no guard, so nobody is known to be signed in.");
      return operator;
    },
  };
}

const notAllowed = (roles: Role[]) => ({
  code: "not_allowed",
  message: `Only these roles may do this: ${roles.join(", ")}. Ask one of them.`,
});

function senderOf(request: FastifyRequest, publicUrl: string) {
  const { headers } = request;
  const mediaType = headers["content-type"]?.split(";")[0]?.trim().toLowerCase() ?? null;
  const fetchSite = headers["sec-fetch-site"];
  return {
    method: request.method,
    mediaType,
    hasOurHeader: headers["x-detour"] === "1",
    fetchSite: typeof fetchSite === "string" ? fetchSite : null,
    origin:
      headers.origin === undefined
        ? ("absent" as const)
        : isOwnOrigin(request, publicUrl)
          ? ("ours" as const)
          : ("foreign" as const),
  };
}
