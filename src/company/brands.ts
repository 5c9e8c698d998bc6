import type { Database } from "#db";
import type { Locale } from "#kit";
import { DEFAULT_BRAND, languageOfCall, queueFor, type Brand, type Line } from "./core/brand.ts";

/** The brands of this process, and which queues are theirs. */
export interface Brands {
  reload(): Promise<void>;
  list(): Brand[];
  has(code: string): boolean;
  /** The brand with this code; the default one when there is none. */
  find(code: string): Brand;
  /** The brand of the queue with this code. */
  ofQueue(queue: string): Brand;
  /** Where a conversation waits that did not come from a call; null when the brand has no queue. */
  queueFor(brand: string, locale: Locale): string | null;
  /** The language of a call to this queue by somebody whose language may be known. */
  languageOfCall(dialled: Line, known: Locale | null): Locale;
}

export function createBrands({ db, standard }: { db: Database; standard: Brand }): Brands {
  let brands = new Map([[standard.code, standard]]);
  let queues: Line[] = [];
  const find = (code: string) => brands.get(code) ?? brands.get(DEFAULT_BRAND)!;

  return {
    async reload() {
      const rows = await db.query<Brand>(BRANDS, [db.tenant]);
      brands = new Map([standard, ...rows].map((brand) => [brand.code, brand]));
      queues = await db.query<Line>(QUEUES, [db.tenant]);
    },
    list: () => [...brands.values()],
    has: (code) => brands.has(code),
    find,
    ofQueue: (queue) => find(queues.find(({ code }) => code === queue)?.brand ?? DEFAULT_BRAND),
    queueFor: (brand, locale) => queueFor(brand, locale, queues),
    languageOfCall: (dialled, known) => languageOfCall(dialled, known, queues),
  };
}

const BRANDS = `
  select code, name, locale, region, time_zone as "timeZone", hours, holidays from brand where tenant = $1 order by code`;

const QUEUES = "select code, brand, locale from queue where tenant = $1 order by code";
