import type { Queries } from "#db";
import type { Locale } from "#kit";

/** A number people call, and the language they are greeted in. */
export interface Hotline {
  number: string;
  locale: Locale;
}

/**
 * Gives every hotline number that has no queue yet one: `hotline-ru`, and `hotline-ru-2` for the next in the same
 * language. What somebody has changed stays.
 * `company` is the name callers hear.
 */
export async function seedQueues(db: Queries, hotlines: Hotline[], company: string): Promise<void> {
  const rules = JSON.stringify({ offers: "auto", timeZone: "Europe/Moscow" });
  const name = JSON.stringify({ ru: company, en: company });
  const count = new Map<Locale, number>();
  for (const { number, locale } of hotlines) {
    const nth = (count.get(locale) ?? 0) + 1;
    count.set(locale, nth);
    const code = nth === 1 ? `hotline-${locale}` : `hotline-${locale}-${nth}`;
    await db.query(INSERT, [db.tenant, code, number, locale, name, rules]);
  }
}

const INSERT = `
  insert into queue (tenant, code, number, locale, name, rules) values ($1, $2, $3, $4, $5, $6) on conflict do nothing`;
