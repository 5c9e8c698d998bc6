import type { Database } from "#db";
import type { Locale, Localized, Region } from "#kit";
import type { OpenHours } from "./core/schedule.ts";

/** One face of the company towards customers. */
export interface Brand {
  code: string;
  name: Localized;
  /** Of customers whose language is not known. */
  locale: Locale;
  /** Of numbers without a country code. */
  region: Region;
  timeZone: string;
  hours: OpenHours[];
}

/** The brand of whatever names none; the settings describe it until somebody saves it. */
export const DEFAULT_BRAND = "default";

/** The brands of this process. */
export interface Brands {
  reload(): Promise<void>;
  list(): Brand[];
  /** The brand with this code; the default one when there is none. */
  find(code: string): Brand;
  /** The brand of the queue with this code. */
  ofQueue(queue: string): Brand;
}

export function createBrands({ db, standard }: { db: Database; standard: Brand }): Brands {
  let brands = new Map([[standard.code, standard]]);
  let queues = new Map<string, string>();
  const find = (code: string) => brands.get(code) ?? brands.get(DEFAULT_BRAND)!;

  return {
    async reload() {
      const rows = await db.query<Brand>(BRANDS, [db.tenant]);
      brands = new Map([standard, ...rows].map((brand) => [brand.code, brand]));
      const places = await db.query<{ code: string; brand: string }>(QUEUES, [db.tenant]);
      queues = new Map(places.map(({ code, brand }) => [code, brand]));
    },
    list: () => [...brands.values()],
    find,
    ofQueue: (queue) => find(queues.get(queue) ?? DEFAULT_BRAND),
  };
}

const BRANDS = `
  select code, name, locale, region, time_zone as "timeZone", hours from brand where tenant = $1 order by code`;

const QUEUES = "select code, brand from queue where tenant = $1";
