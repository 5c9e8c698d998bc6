import type { FastifyRequest } from "fastify";

/**
 * True when the `Origin` of the request is this server: its public address or the host the request was sent to.
 * The cookie is bound to the host, so a page of another host gains nothing by naming itself twice.
 */
export function isOwnOrigin(request: FastifyRequest, publicUrl: string): boolean {
  const { origin, host } = request.headers;
  if (origin === undefined || origin === "null") return false;
  return origin === new URL(publicUrl).origin || origin === `http://${host}` || origin === `https://${host}`;
}
