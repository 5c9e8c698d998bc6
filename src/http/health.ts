import { messageOf } from "#kit";
import type { Queries } from "#db";
import type { FastifyInstance } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import { z } from "zod";

/** Answers null when all is well, else a sentence that says what is not. */
export type ReadyCheck = () => Promise<string | null> | string | null;

const healthSchema = {
  tags: ["health"],
  summary: "Is the process alive",
  response: { 200: z.object({ status: z.literal("alive") }) },
};

const readiness = z.object({ ready: z.boolean(), reasons: z.array(z.string()) });

const readySchema = {
  tags: ["health"],
  summary: "May this process be given work, and if not, why",
  response: { 200: readiness, 503: readiness },
};

/** `/healthz` and `/readyz`, for whoever restarts processes and spreads requests. */
export function addHealth(plain: FastifyInstance, front: Queries, checks: ReadyCheck[]): void {
  const app = plain.withTypeProvider<ZodTypeProvider>();
  const all = [() => databaseCheck(front), ...checks];

  app.get("/healthz", { schema: healthSchema }, async () => ({ status: "alive" as const }));

  app.get("/readyz", { schema: readySchema }, async (_request, reply) => {
    const answers = await Promise.all(all.map(ask));
    const reasons = answers.filter((reason) => reason !== null);
    return reply.code(reasons.length === 0 ? 200 : 503).send({ ready: reasons.length === 0, reasons });
  });
}

const ask = async (check: ReadyCheck) => {
  try {
    return await check();
  } catch (error) {
    return `A check failed: ${messageOf(error)}`;
  }
};

async function databaseCheck(front: Queries): Promise<string | null> {
  try {
    const [found] = await front.query<{ migrated: boolean }>(MIGRATED);
    return found?.migrated ? null : "The database is not migrated yet. Run npm run migrate.";
  } catch {
    return "The database does not answer.";
  }
}

const MIGRATED = "select to_regclass('schema_migration') is not null as migrated";
