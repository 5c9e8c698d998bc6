import multipart, { type Multipart, type MultipartFile } from "@fastify/multipart";
import { sendProblem } from "#http";
import { minutes, unreachable, type ConversationId, type MediaId } from "#kit";
import type { Staff } from "#staff";
import type { FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { Attached, Attachments, Upload } from "../attachments.ts";
import { answerReplied, fileNotHere } from "./refusals.ts";
import { attachFields, attachSchema, fetchAgainSchema } from "./media-schemas.ts";

interface Deps {
  staff: Pick<Staff, "operatorOf">;
  attachments: Attachments;
  mostBytes: number;
}

/** A slow line may take a while for a large file. */
const PATIENCE = minutes(10);

/** Files of operators, and wishes to fetch those of customers again. Everything here needs a signed-in operator. */
export const mediaRoutes = ({ staff, attachments, mostBytes }: Deps): FastifyPluginAsync => {
  return async (plain) => {
    const app = plain.withTypeProvider<ZodTypeProvider>();
    await app.register(multipart, {
      throwFileSizeLimit: false,
      limits: { fileSize: mostBytes, files: 1, fields: 2, parts: 3, fieldSize: 32 * 1024, headerPairs: 20 },
    });

    app.post(
      "/conversations/:id/media",
      { schema: attachSchema, handlerTimeout: PATIENCE, bodyLimit: mostBytes * 2, config: { slow: true } },
      async (request, reply) => {
        const id = request.params.id.toLowerCase() as ConversationId;
        const form = await readForm(request, (upload) => attachments.send(staff.operatorOf(request), id, upload));
        return answer(reply, form);
      },
    );

    app.post("/conversations/:id/media/:mediaId/fetch", { schema: fetchAgainSchema }, async (request, reply) => {
      const { id, mediaId } = request.params;
      const outcome = await attachments.fetchAgain(
        id.toLowerCase() as ConversationId,
        mediaId.toLowerCase() as MediaId,
      );
      switch (outcome) {
        case "wanted":
          return reply.code(204).send();
        case "not-found":
          return fileNotHere(reply);
        case "nothing-to-fetch":
          return sendProblem(reply, 409, NOTHING_TO_FETCH);
        default:
          return unreachable(outcome);
      }
    });
  };
};

type Form = Attached | { kind: "not-a-form" } | { kind: "no-file" } | { kind: "wrong-field"; field: string };

/** Reads the parts in their order and always to the end, so that the browser hears the answer. */
async function readForm(request: FastifyRequest, send: (upload: Upload) => Promise<Attached>): Promise<Form> {
  if (!request.isMultipart()) return { kind: "not-a-form" };
  const parts = request.parts();
  const fields = new Map<string, unknown>();
  let outcome: Form = { kind: "no-file" };
  for (let part = await nextOf(parts); part !== "end"; part = await nextOf(parts)) {
    if (part === "broken") return outcome.kind === "queued" ? outcome : { kind: "broken" };
    if (part.type === "field") fields.set(part.fieldname, part.value);
    else {
      outcome = await readFile(part, fields, send);
      part.file.resume();
    }
  }
  return outcome;
}

/** What the browser sends may break off or hold more than it should; that is no error of ours. */
async function nextOf(parts: AsyncIterableIterator<Multipart>): Promise<Multipart | "end" | "broken"> {
  try {
    const next = await parts.next();
    return next.done ? "end" : next.value;
  } catch {
    return "broken";
  }
}

async function readFile(
  { file, filename }: MultipartFile,
  fields: Map<string, unknown>,
  send: (upload: Upload) => Promise<Attached>,
): Promise<Form> {
  const read = attachFields.safeParse(Object.fromEntries(fields));
  if (!read.success) return { kind: "wrong-field", field: String(read.error.issues[0]?.path[0] ?? "clientId") };
  return send({ ...read.data, fileName: filename, body: file, wasCut: () => file.truncated });
}

const MEGABYTE = 1024 * 1024;

function answer(reply: FastifyReply, outcome: Form): FastifyReply {
  switch (outcome.kind) {
    case "queued":
    case "window-closed":
    case "blocked":
    case "not-found":
    case "closed":
    case "owned-by-other":
      return answerReplied(reply, outcome);
    case "no-files":
      return sendProblem(reply, 409, {
        code: "no_files_here",
        message: "This messenger carries no files. Write to the customer instead.",
      });
    case "too-large":
      return sendProblem(reply, 413, {
        code: "file_too_large",
        message: `The file is too large: this messenger takes ${Math.floor(outcome.most / MEGABYTE)} MB of this kind. Make it smaller.`,
      });
    case "wrong-type":
      return sendProblem(reply, 422, {
        code: "file_type_refused",
        field: "file",
        message: `This messenger does not carry such a file. It takes: ${outcome.types.join(", ")}.`,
      });
    case "empty":
    case "no-file":
      return sendProblem(reply, 422, {
        code: "file_missing",
        field: "file",
        message: "Choose a file that is not empty.",
      });
    case "wrong-field":
      return sendProblem(reply, 422, {
        code: "invalid_field",
        field: outcome.field,
        message: `The field "${outcome.field}" is not right, or comes after the file. See /docs.`,
      });
    case "not-a-form":
      return sendProblem(reply, 415, {
        code: "unsupported_media_type",
        message: "Send the file as a multipart form. See /docs.",
      });
    case "broken":
      return sendProblem(reply, 400, {
        code: "upload_broken",
        message: "The file did not arrive whole. Send it again.",
      });
    case "not-stored":
      return sendProblem(reply, 503, {
        code: "file_not_stored",
        message:
          "The file could not be stored. Try again in a moment; if it stays, ask whoever runs Detour to look at its disk.",
      });
    default:
      return unreachable(outcome);
  }
}

const NOTHING_TO_FETCH = {
  code: "nothing_to_fetch",
  message: "This file is here already, or is gone for good. Reload the conversation.",
};
