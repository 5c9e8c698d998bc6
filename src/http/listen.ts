import { StartError } from "#kit";
import type { FastifyInstance } from "fastify";
import type { AddressInfo } from "node:net";
import type { HttpSettings } from "./settings.ts";

const SENTENCES: Record<string, (settings: HttpSettings) => string> = {
  EADDRINUSE: ({ PORT }) => `PORT ${PORT} is taken by another program. Stop it or set PORT to a free one.`,
  EACCES: ({ PORT }) => `PORT ${PORT} may not be used by this account. Set PORT to one above 1023.`,
  EADDRNOTAVAIL: ({ HOST }) => `HOST ${HOST} is not an address of this machine. Set HOST to 0.0.0.0 or to one that is.`,
  ENOTFOUND: ({ HOST }) => `HOST ${HOST} is not an address of this machine. Set HOST to 0.0.0.0 or to one that is.`,
};

/** Starts listening; answers the port. Trouble that a setting can mend is a `StartError`. */
export async function listen(server: FastifyInstance, settings: HttpSettings): Promise<number> {
  try {
    await server.listen({ port: settings.PORT, host: settings.HOST });
  } catch (error) {
    const sentence = SENTENCES[(error as NodeJS.ErrnoException).code ?? ""];
    throw sentence ? new StartError(sentence(settings)) : error;
  }
  return (server.server.address() as AddressInfo).port;
}
