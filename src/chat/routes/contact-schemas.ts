import { problem } from "#http";
import { locales } from "#kit";
import { z } from "zod";

const tags = ["contacts"];
const refusals = { 401: problem, 403: problem, 404: problem, 409: problem, 422: problem };
const params = z.object({ id: z.uuid() });

export const contactSchema = {
  tags,
  summary: "A person: every name, and the contacts that turned out to be the same person",
  params,
  response: {
    200: z.object({
      id: z.string(),
      name: z.string().nullable(),
      locale: z.enum(locales),
      names: z.array(z.object({ channel: z.string().describe("phone, or the messenger"), address: z.string() })),
      merges: z.array(
        z.object({ id: z.string(), merged: z.string(), because: z.string(), at: z.string(), undone: z.boolean() }),
      ),
    }),
    ...refusals,
  },
};

export const mergeSchema = {
  tags,
  summary: "Say that another contact is this person too",
  params,
  body: z.strictObject({ contactId: z.uuid().describe("The contact that is this person as well.") }),
  response: { 200: z.object({ mergeId: z.string() }), ...refusals },
};

export const undoSchema = {
  tags,
  summary: "Take a merge back: two people again, each with the conversations held at their addresses",
  params,
  response: { 204: z.null(), ...refusals },
};
