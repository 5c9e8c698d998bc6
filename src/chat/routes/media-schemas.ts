import { problem } from "#http";
import { storable } from "#kit";
import { z } from "zod";
import { refusals } from "./schemas.ts";

const tags = ["files"];
const MOST_CAPTION = 4096;

export const fileSchema = {
  tags,
  summary: "A file of a conversation; pictures, sound and film to be shown, anything else to be saved",
  params: z.object({ id: z.uuid() }),
};

export const attachSchema = {
  tags,
  summary: "Send a file to the customer",
  description: `A multipart form: first \`clientId\` (a UUID chosen by the browser, so that pressing Send twice sends once), then
perhaps \`text\` (what stands beside the file), last \`file\`. Its type is found by its content. What the channel can carry
is told by \`attach\` of the conversation.`,
  consumes: ["multipart/form-data"],
  params: z.object({ id: z.uuid() }),
  response: {
    202: z.object({ messageId: z.string() }),
    ...refusals,
    400: problem,
    409: problem,
    413: problem,
    503: problem,
  },
};

/** The fields beside the file. */
export const attachFields = z.strictObject({
  clientId: z.uuid(),
  text: z.string().trim().max(MOST_CAPTION).transform(storable).default(""),
});

export const fetchAgainSchema = {
  tags,
  summary: "Try once more to get a customer's file from the messenger",
  params: z.object({ id: z.uuid(), mediaId: z.uuid() }),
  response: { 204: z.undefined(), ...refusals, 409: problem },
};
