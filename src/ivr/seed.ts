import type { Queries } from "#db";
import type { Locale, Localized } from "#kit";

interface SeedQueue {
  code: string;
  number: string;
  locale: Locale;
  name: Localized;
  rules: { offers: "auto"; timeZone: string };
}

/** The two hotlines of the demo toy shop. Numbers from ranges reserved for fiction. */
export const DEMO_QUEUES: SeedQueue[] = [
  {
    code: "hotline-ru",
    number: "+74951000001",
    locale: "ru",
    name: { ru: "Вы позвонили в магазин игрушек «Колибри»", en: "Kolibri toy shop, Russian hotline" },
    rules: { offers: "auto", timeZone: "Europe/Moscow" },
  },
  {
    code: "hotline-en",
    number: "+442079460001",
    locale: "en",
    name: { ru: "Магазин игрушек «Колибри», английская линия", en: "You have reached the Kolibri toy shop" },
    rules: { offers: "auto", timeZone: "Europe/London" },
  },
];

/** Adds the queues that are missing; what somebody has changed stays as it is. */
export async function seedQueues(db: Queries, queues: SeedQueue[] = DEMO_QUEUES): Promise<void> {
  for (const { code, number, locale, name, rules } of queues)
    await db.query(INSERT, [db.tenant, code, number, locale, JSON.stringify(name), JSON.stringify(rules)]);
}

const INSERT = `
  insert into queue (tenant, code, number, locale, name, rules) values ($1, $2, $3, $4, $5, $6) on conflict do nothing`;
