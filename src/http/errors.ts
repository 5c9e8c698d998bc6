import { DatabaseGone } from "#db";
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import { sendProblem } from "./problem.ts";

const RETRY_AFTER_SECONDS = "2";

/** Turns whatever went wrong into a problem a person can act on. Nothing of our insides leaves with it. */
export function addErrorAnswers(app: FastifyInstance): void {
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    if (hasZodFastifySchemaValidationErrors(error)) return sendProblem(reply, ...wrongField(error));
    if (isDatabaseGone(error)) return sendDatabaseGone(request, reply);
    const known = KNOWN[error.code] ?? byStatus(error);
    if (known) return sendProblem(reply, ...known);
    request.log.error({ err: error }, "a request failed");
    return sendProblem(reply, 500, {
      code: "internal_error",
      message: "Something went wrong on our side. Try again; if it stays, give the request id to whoever runs Detour.",
      requestId: request.id,
    });
  });

  app.setNotFoundHandler((_request, reply) =>
    sendProblem(reply, 404, {
      code: "not_found",
      message: "There is nothing at this address. See /docs for what there is.",
    }),
  );
}

type Answer = [status: number, body: { code: string; message: string; field?: string }];

const malformed = (message: string): Answer => [400, { code: "malformed_body", message }];

const KNOWN: Record<string, Answer> = {
  FST_ERR_CTP_BODY_TOO_LARGE: [
    413,
    { code: "body_too_large", message: "The body is larger than this address takes. Send less at once." },
  ],
  FST_ERR_CTP_INVALID_MEDIA_TYPE: [
    415,
    {
      code: "unsupported_media_type",
      message: "This address does not read that kind of body. Send JSON with Content-Type: application/json.",
    },
  ],
  FST_ERR_CTP_EMPTY_JSON_BODY: malformed("The body is empty although it is announced as JSON. Send a JSON object."),
  FST_ERR_CTP_INVALID_JSON_BODY: malformed("The body is not JSON we accept. Check it and send it again."),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: malformed("The body is not as long as Content-Length says. Send it again."),
  FST_ERR_HANDLER_TIMEOUT: [503, { code: "too_slow", message: "This took too long and was given up. Try again." }],
};

/** Errors of libraries that know their own status; their words may quote the request, so they stay here. */
function byStatus({ statusCode }: FastifyError): Answer | null {
  if (statusCode === undefined) return null;
  if (statusCode >= 400 && statusCode < 500)
    return [statusCode, { code: "bad_request", message: "This request cannot be understood. See /docs." }];
  return null;
}

/** 422 when a field of the body is wrong, 400 when the address or the body as a whole is. */
function wrongField(
  error: Pick<FastifyError, "validationContext"> & {
    validation: { instancePath: string; message?: string; params: unknown }[];
  },
): Answer {
  const first = error.validation[0]!;
  const extra = (first.params as { keys?: string[] }).keys?.[0];
  const field = [...first.instancePath.split("/").filter(Boolean), ...(extra === undefined ? [] : [extra])].join(".");
  const where = error.validationContext ?? "body";
  if (field === "")
    return [400, { code: "invalid_request", message: `The ${where} is not what this address takes. See /docs.` }];
  const message =
    extra === undefined
      ? `The field "${field}" is not right: ${first.message ?? "see /docs"}.`
      : `The field "${field}" is not known here. Leave it out.`;
  return [where === "body" ? 422 : 400, { code: "invalid_field", message, field }];
}

/** Prisma's codes for connection trouble: P1xxx, and P2024 and P2037 for a pool without connections. */
const PRISMA_GONE = /^P(1\d{3}|2024|2037)$/;
/** What pg says when Prisma lets it through unread. */
const PG_GONE =
  /^(Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error)/;

function isDatabaseGone(error: FastifyError): boolean {
  return error instanceof DatabaseGone || PRISMA_GONE.test(error.code ?? "") || PG_GONE.test(error.message);
}

function sendDatabaseGone(request: FastifyRequest, reply: FastifyReply) {
  request.log.warn("the database does not answer");
  reply.header("retry-after", RETRY_AFTER_SECONDS);
  return sendProblem(reply, 503, {
    code: "database_gone",
    message: "The database does not answer. Nothing was saved; try again in a moment.",
  });
}
