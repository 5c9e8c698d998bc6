import type { FastifyRequest } from "fastify";

/** Where log lines go; the process's output when absent. */
export interface LogTarget {
  write(line: string): void;
}

/**
 * Logs hold ids and kinds only. An address may carry a number or a token in its path or query, and an error's message
 * may quote a customer, so neither is written: the route's pattern and the error's kind and stack are.
 */
export const logOptions = (level: string, target?: LogTarget) => ({
  level,
  ...(target ? { stream: target } : {}),
  serializers: {
    req: (request: FastifyRequest) => ({ method: request.method, route: request.routeOptions?.url ?? null }),
    res: (reply: { statusCode?: number }) => ({ status: reply.statusCode ?? null }),
    err: describeError,
  },
});

const MOST_FRAMES = 8;

/** An error as logs may hold it: the message stays out. */
function describeError(error: unknown) {
  if (!(error instanceof Error)) return { type: typeof error, message: "", stack: "" };
  const { code } = error as { code?: unknown };
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return {
    type: error.name,
    message: typeof code === "string" ? code : "",
    stack: frames.slice(0, MOST_FRAMES).join("\n"),
  };
}
