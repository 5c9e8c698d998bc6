import { code, shownName, type Company } from "#company";
import type { Database } from "#db";
import { problem, sendProblem } from "#http";
import { locales, readPhone, type Clock, type JsonObject, type PhoneNumber, type Region } from "#kit";
import { queueRules } from "#router";
import type { Staff } from "#staff";
import type { FastifyPluginAsyncZod } from "fastify-type-provider-zod";
import { z } from "zod";
import { listQueues, saveQueue } from "./queues.ts";

export interface QueueRoutesDeps {
  db: Database;
  clock: Clock;
  company: Pick<Company, "brands" | "refresh">;
  staff: Pick<Staff, "guard" | "operatorOf">;
}

const tags = ["queues"];
const MOST_NUMBERS = 50;
const brand = z.string().max(40);
const name = shownName.describe("What callers hear instead of the brand's name.");

const queueView = z.object({
  code: z.string(),
  brand,
  locale: z.enum(locales),
  name: z.partialRecord(z.enum(locales), z.string()),
  numbers: z.array(z.string()),
  rules: z.record(z.string(), z.json()),
});

const listSchema = {
  tags,
  summary: "Queues: one per brand and language, with the numbers that lead there (supervisors, administrators)",
  response: { 200: z.object({ queues: z.array(queueView) }), 401: problem, 403: problem },
};

const saveSchema = {
  tags,
  summary: "Make or replace a queue (supervisors, administrators)",
  params: z.object({ code }),
  body: z.strictObject({
    brand: brand.default("default"),
    locale: z.enum(locales),
    name: name.default({}),
    numbers: z
      .array(z.string().max(40))
      .max(MOST_NUMBERS)
      .describe("With country code, or as written in the brand's country."),
    rules: queueRules.default(queueRules.parse({})),
  }),
  response: { 200: z.object({ queue: queueView }), 401: problem, 403: problem, 409: problem, 422: problem },
};

/** Queues for those who run the hotline. */
export function queueRoutes({ db, clock, company, staff }: QueueRoutesDeps): FastifyPluginAsyncZod {
  return async (app) => {
    app.addHook("onRequest", staff.guard("supervisor", "admin"));

    app.get("/queues", { schema: listSchema }, async () => ({ queues: await listQueues(db) }));

    app.put("/queues/:code", { schema: saveSchema }, async (request, reply) => {
      const { body } = request;
      if (!company.brands.has(body.brand)) return sendProblem(reply, 422, wrong("brand", "there is no such brand"));
      const numbers = readNumbers(body.numbers, company.brands.find(body.brand).region);
      const unreadable = numbers.indexOf(null);
      if (unreadable >= 0)
        return sendProblem(reply, 422, wrong(`numbers.${unreadable}`, "this is not a telephone number that exists"));
      const queue = {
        ...body,
        code: request.params.code,
        numbers: [...new Set(numbers as PhoneNumber[])],
        rules: body.rules as JsonObject,
      };
      const outcome = await saveQueue(db, clock, queue, staff.operatorOf(request).id);
      if (outcome.kind === "number-taken")
        return sendProblem(reply, 409, {
          code: "number_taken",
          message: "This number leads to another queue. Take it away there first.",
          field: `numbers.${numbers.indexOf(outcome.number)}`,
        });
      await company.refresh();
      return { queue };
    });
  };
}

const readNumbers = (numbers: string[], region: Region): (PhoneNumber | null)[] =>
  numbers.map((number) => readPhone(number, region));

const wrong = (field: string, words: string) => ({
  code: "invalid_field",
  field,
  message: `The field "${field}" is not right: ${words}.`,
});
