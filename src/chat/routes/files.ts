import { sendProblem } from "#http";
import { minutes, type MediaId } from "#kit";
import type { Queries } from "#db";
import { UNKNOWN_TYPE, disposition, isHarmless, nameFor, wantedPart, type MediaStore } from "#media";
import type { FastifyPluginAsync, FastifyReply } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import type { StoredFile } from "../core/media.ts";
import { kindOf, type Log } from "../log.ts";
import { readMedia, type MediaRow } from "../media-store.ts";
import { fileSchema } from "./media-schemas.ts";
import { fileNotHere } from "./refusals.ts";

interface Deps {
  front: Queries;
  store: MediaStore;
  log: Log;
}

type Wanted = ReturnType<typeof wantedPart>;

/** A slow line may take a while for a large file. */
const PATIENCE = minutes(15);

/** Files of conversations, for signed-in operators: the caller guards it. */
export const fileRoutes = ({ front, store, log }: Deps): FastifyPluginAsync => {
  /** Null when the store has lost it. */
  async function open(id: MediaId, { sha256 }: StoredFile, part: Wanted): Promise<Readable | null | "no-answer"> {
    try {
      const body = await store.open(sha256, typeof part === "string" ? undefined : part);
      if (body === null) log.error({ media: id, store: store.name }, "a file that should be kept is not there");
      return body;
    } catch (error) {
      log.error({ media: id, store: store.name, error: kindOf(error) }, "a file could not be read");
      return "no-answer";
    }
  }

  return async (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    const options = { schema: fileSchema, handlerTimeout: PATIENCE, config: { slow: true } };

    app.get("/media/:id", options, async ({ params, headers }, reply) => {
      const row = await readMedia(front, params.id.toLowerCase() as MediaId);
      if (row?.state.at !== "stored") return fileNotHere(reply);
      const { file } = row.state;
      if (headers["if-none-match"] === tagOf(file)) return reply.code(304).header("etag", tagOf(file)).send();
      const part = partOf(headers, file);
      if (part === "impossible") return impossible(reply, file);
      const body = await open(row.id, file, part);
      if (body === "no-answer") return noAnswer(reply);
      return body === null ? fileNotHere(reply) : send(reply.headers(headersOf(row, file)), file, part, body);
    });
  };
};

const tagOf = ({ sha256 }: StoredFile) => `"${sha256}"`;

/** Who asks for a part of what may have changed gets the whole: it has changed, or the tag would have been the answer. */
const partOf = ({ range, "if-range": ifRange }: IncomingHttpHeaders, file: StoredFile): Wanted =>
  ifRange === undefined || ifRange === tagOf(file) ? wantedPart(range, file.size) : "whole";

/** Nothing that came from a stranger may run, whatever a browser makes of it. */
const POLICY = "default-src 'none'; sandbox";

/** Shown only when its content is of a kind that cannot act; anything else is for saving. */
function headersOf({ kind, fileName }: MediaRow, file: StoredFile) {
  const harmless = isHarmless(file.type);
  return {
    "content-type": harmless ? file.type : UNKNOWN_TYPE,
    "content-disposition": disposition(harmless ? "inline" : "attachment", fileName ?? nameFor(kind, file.type)),
    "content-security-policy": POLICY,
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "private, no-cache",
    "accept-ranges": "bytes",
    etag: tagOf(file),
  };
}

function send(reply: FastifyReply, { size }: StoredFile, part: Exclude<Wanted, "impossible">, body: Readable) {
  if (part === "whole") return reply.header("content-length", size).send(body);
  const { from, to } = part;
  const range = { "content-range": `bytes ${from}-${to}/${size}`, "content-length": to - from + 1 };
  return reply.code(206).headers(range).send(body);
}

const noAnswer = (reply: FastifyReply) =>
  sendProblem(reply, 503, {
    code: "file_store_gone",
    message: "The store of files does not answer. Try again in a moment.",
  });

const impossible = (reply: FastifyReply, { size }: StoredFile) =>
  sendProblem(reply.header("content-range", `bytes */${size}`), 416, {
    code: "range_impossible",
    message: "The file is shorter than the part that was asked for. Ask for the whole file.",
  });
