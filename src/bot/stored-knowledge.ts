import type { Database } from "#db";
import type { Clock, Json } from "#kit";
import { seedKnowledge } from "./seed/index.ts";
import type { Intent, Knowledge } from "./turn.ts";

/** The FAQ as it stands in the database. Without Prisma, as everything a start waits for (docs/db.md). */
export const storedKnowledge = (db: Database): Knowledge => ({
  intents: () => db.query<Intent>(INTENTS, [db.tenant]),
});

const INTENTS = "select code, action, examples, answers from intent where tenant = $1 order by code";

/**
 * Gives an empty FAQ its first topics; one that somebody has edited stays as it is. The toy shop's prices and addresses
 * are for the demo only: everybody else starts with what is true everywhere, small talk, orders and asking for a person.
 */
export async function seedIntents(db: Database, clock: Clock, { demo }: { demo: boolean }): Promise<void> {
  if ((await db.query("select from intent where tenant = $1 limit 1", [db.tenant])).length > 0) return;
  const updatedAt = new Date(clock.now());
  const data = seedKnowledge
    .filter(({ action }) => demo || action !== null)
    .map((intent) => ({
      ...intent,
      tenant: db.tenant,
      updatedAt,
      examples: intent.examples as Json & object,
      answers: intent.answers as Json & object,
    }));
  await db.prisma.intent.createMany({ data, skipDuplicates: true });
}
