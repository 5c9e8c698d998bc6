import type { Database } from "#db";
import { inEveryLanguage, locales, type Clock, type Json, type Locale } from "#kit";
import { seedKnowledge } from "./seed/index.ts";
import type { Intent, Knowledge } from "./turn.ts";

/** A language that came later than the FAQ has nothing there. */
const NO_EXAMPLES: Intent["examples"] = { ru: [], en: [], kk: [] };

/** The FAQ as it stands in the database. */
export const storedKnowledge = (db: Database): Knowledge => ({
  async intents() {
    const rows = await db.prisma.intent.findMany({ where: { tenant: db.tenant }, orderBy: { code: "asc" } });
    return rows.map(({ code, action, examples, answers }) => ({
      code,
      action: action as Intent["action"],
      examples: { ...NO_EXAMPLES, ...(examples as Partial<Intent["examples"]>) },
      answers: { ...inEveryLanguage(""), ...(answers as Partial<Intent["answers"]>) },
    }));
  },
});

/** Gives an empty FAQ its first topics, and topics nobody has edited the languages that came later. */
export async function seedIntents(db: Database, clock: Clock, { demo }: { demo: boolean }): Promise<void> {
  const stored = await storedKnowledge(db).intents();
  if (stored.length === 0) return plant(db, clock, demo);
  for (const intent of stored) {
    const seed = seedKnowledge.find(({ code }) => code === intent.code);
    const later = seed && laterLanguages(intent, seed);
    if (later)
      await db.prisma.intent.update({ where: { tenant_code: { tenant: db.tenant, code: intent.code } }, data: later });
  }
}

/** Null when there are none, or somebody has changed what was there. */
function laterLanguages(intent: Intent, seed: Intent) {
  const isMissing = (locale: Locale) => intent.examples[locale].length === 0 && intent.answers[locale] === "";
  const missing = locales.filter(isMissing);
  const isEdited = locales.some((locale) => !isMissing(locale) && intent.answers[locale] !== seed.answers[locale]);
  if (missing.length === 0 || isEdited) return null;
  const added = <T>(of: Record<Locale, T>) => Object.fromEntries(missing.map((locale) => [locale, of[locale]]));
  return {
    examples: { ...intent.examples, ...added(seed.examples) },
    answers: { ...intent.answers, ...added(seed.answers) },
  };
}

/**
 * The toy shop's prices and addresses
 * are for the demo only: everybody else starts with what is true everywhere, small talk, orders and asking for a person.
 */
async function plant(db: Database, clock: Clock, demo: boolean): Promise<void> {
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
