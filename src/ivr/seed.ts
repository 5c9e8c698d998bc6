import type { Database } from "#db";
import type { Locale } from "#kit";

/** A number people call, and the language they are greeted in. */
export interface Hotline {
  number: string;
  locale: Locale;
}

/**
 * Gives every hotline number that leads nowhere yet a queue: `hotline-<language>`, one for all numbers of a language.
 * What somebody has changed stays.
 */
export async function seedQueues(db: Database, hotlines: Hotline[]): Promise<void> {
  await db.tx(async (tx) => {
    await tx.query(OF_PREVIOUS_RELEASE, [tx.tenant]);
    for (const { number, locale } of hotlines)
      await tx.query(SEED, [tx.tenant, number, locale, `hotline-${locale}`, JSON.stringify({ offers: "auto" })]);
  });
}

/** A release that knows one number per queue may have added one meanwhile. */
const OF_PREVIOUS_RELEASE = `
  insert into hotline (tenant, number, queue) select tenant, number, code from queue where tenant = $1 and number is not null
  on conflict do nothing`;

const SEED = `
  with free as (
    select $2::text as number where not exists (select 1 from hotline where tenant = $1 and number = $2)
  ), made as (
    insert into queue (tenant, code, number, locale, name, rules)
    select $1, $4, number, $3, '{}', $5::jsonb from free on conflict do nothing
  )
  insert into hotline (tenant, number, queue) select $1, number, $4 from free on conflict do nothing`;
