import fastifyStatic from "@fastify/static";
import type { FastifyInstance, FastifyReply } from "fastify";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { sendProblem } from "./problem.ts";

const UNCHANGING = "public, max-age=31536000, immutable";
const ALWAYS_ASK = "no-cache";

/** The built web app: hashed files for ever, its one page for every address the app itself knows. */
export async function addPages(
  app: FastifyInstance,
  { folder, simulator }: { folder: string; simulator: boolean },
): Promise<void> {
  const hidden = { schema: { hide: true } };
  const pages = ["/inbox", "/inbox/*", "/sign-in", ...(simulator ? ["/simulator", "/simulator/*"] : [])];

  app.get("/", hidden, (_request, reply) => reply.redirect(simulator ? "/simulator" : "/inbox"));
  if (!existsSync(join(folder, "index.html"))) {
    for (const page of pages) app.get(page, hidden, (_request, reply) => sendNotBuilt(reply));
    return;
  }

  await app.register(fastifyStatic, {
    root: folder,
    // A route for each file there is, so that no address can reach outside of them.
    wildcard: false,
    index: false,
    cacheControl: false,
    schemaHide: true,
    setHeaders: (reply, path) =>
      void reply.header("cache-control", path.startsWith(join(folder, "assets")) ? UNCHANGING : ALWAYS_ASK),
  });
  for (const page of pages) app.get(page, hidden, (_request, reply) => reply.sendFile("index.html"));
}

const sendNotBuilt = (reply: FastifyReply) =>
  sendProblem(reply, 503, {
    code: "web_app_missing",
    message: "The web app is not built. Run npm start, which builds it, and reload.",
  });
