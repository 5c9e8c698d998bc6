import { createHash } from "node:crypto";
import { sendProblem } from "#http";
import type { FastifyPluginAsync } from "fastify";
import { PATHS } from "./addresses.ts";
import type { Sounds } from "./sounds.ts";

const A_DAY_SECONDS = 86_400;

/** What anybody may fetch: recordings, and the document to install outside. */
export const assetRoutes =
  (sounds: Sounds, fallbackDocument: () => string): FastifyPluginAsync =>
  async (app) => {
    app.get<{ Params: { file: string } }>(PATHS.sound, async (request, reply) => {
      const sound = sounds.get(request.params.file.replace(/\.wav$/, ""));
      if (!sound) return sendProblem(reply, 404, { code: "sound_not_found", message: "There is no such recording." });
      const etag = `"${createHash("sha256").update(sound).digest("hex").slice(0, 16)}"`;
      reply.header("etag", etag).header("cache-control", `public, max-age=${A_DAY_SECONDS}`);
      if (request.headers["if-none-match"] === etag) return reply.code(304).send();
      return reply.type("audio/wav").send(sound);
    });

    app.get(PATHS.fallback, async (_request, reply) => reply.type("text/xml; charset=utf-8").send(fallbackDocument()));
  };
