import { sendProblem } from "#http";
import { minutes, type MediaId } from "#kit";
import type { Queries } from "#db";
import { UNKNOWN_TYPE, disposition, isHarmless, nameFor, wantedPart, type MediaStore } from "#media";
import type { FastifyPluginAsync, FastifyReply } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { StoredFile } from "../core/media.ts";
import { kindOf, type Log } from "../log.ts";
import { readMedia, type MediaRow } from "../media-store.ts";
import { fileSchema } from "./media-schemas.ts";

interface Deps {
  front: Queries;
  store: MediaStore;
  log: Log;
}

/** A slow line may take a while for a large file. */
const PATIENCE = minutes(15);

/** Nothing that came from a stranger may run, whatever a browser makes of it. */
const POLICY = "default-src 'none'; sandbox";

/** Files of conversations, for signed-in operators: the caller guards it. */
export const fileRoutes = ({ front, store, log }: Deps): FastifyPluginAsync => {
  return async (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();

    app.get(
      "/media/:id",
      { schema: fileSchema, handlerTimeout: PATIENCE, config: { slow: true } },
      async (request, reply) => {
        const row = await readMedia(front, request.params.id.toLowerCase() as MediaId);
        if (row?.state.at !== "stored") return notHere(reply);
        const { file } = row.state;
        addHeaders(reply, row, file);
        if (request.headers["if-none-match"] === tagOf(file)) return reply.code(304).send();
        const part = request.headers["if-range"] === undefined ? wantedPart(request.headers.range, file.size) : "whole";
        if (part === "impossible") return impossible(reply, file);
        const body = await store.open(file.sha256, part === "whole" ? undefined : part).catch((error: unknown) => {
          log.error({ media: row.id, store: store.name, error: kindOf(error) }, "a file could not be read");
          return "no-answer" as const;
        });
        if (body === "no-answer") return noAnswer(reply);
        if (body === null) {
          log.error({ media: row.id, store: store.name }, "a file that should be kept is not there");
          return notHere(reply);
        }
        const length = part === "whole" ? file.size : part.to - part.from + 1;
        if (part !== "whole") reply.code(206).header("content-range", `bytes ${part.from}-${part.to}/${file.size}`);
        return reply.header("content-length", length).send(body);
      },
    );
  };
};

const tagOf = ({ sha256 }: StoredFile) => `"${sha256}"`;

/** Shown only when its content is of a kind that cannot act; anything else is for saving. */
function addHeaders(reply: FastifyReply, { kind, fileName }: MediaRow, file: StoredFile): void {
  const harmless = isHarmless(file.type);
  reply.headers({
    "content-type": harmless ? file.type : UNKNOWN_TYPE,
    "content-disposition": disposition(harmless ? "inline" : "attachment", fileName ?? nameFor(kind, file.type)),
    "content-security-policy": POLICY,
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "private, no-cache",
    "accept-ranges": "bytes",
    etag: tagOf(file),
  });
}

/** The headers of the file do not belong to a problem. */
function clear(reply: FastifyReply): FastifyReply {
  for (const name of ["content-disposition", "etag", "accept-ranges"]) reply.removeHeader(name);
  return reply;
}

const notHere = (reply: FastifyReply) =>
  sendProblem(clear(reply), 404, {
    code: "file_not_found",
    message: "This file is not here. The conversation says why.",
  });

const noAnswer = (reply: FastifyReply) =>
  sendProblem(clear(reply), 503, {
    code: "file_store_gone",
    message: "The store of files does not answer. Try again in a moment.",
  });

const impossible = (reply: FastifyReply, { size }: StoredFile) =>
  sendProblem(clear(reply).header("content-range", `bytes */${size}`), 416, {
    code: "range_impossible",
    message: "The file is shorter than the part that was asked for. Ask for the whole file.",
  });
