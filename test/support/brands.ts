import { DEFAULT_BRAND, type Brand, type Brands } from "#company";
import { inEveryLanguage } from "#kit";

/** A brand of tests that are about something else. */
export const brandWith = (more: Partial<Brand> = {}): Brand => ({
  code: DEFAULT_BRAND,
  name: inEveryLanguage("Kubik"),
  locale: "ru",
  region: "RU",
  timeZone: "Europe/Moscow",
  hours: [],
  holidays: [],
  ...more,
});

/** One brand that everything belongs to. */
export const oneBrand = (brand: Brand = brandWith()): Omit<Brands, "reload"> => ({
  list: () => [brand],
  has: (code) => code === brand.code,
  find: () => brand,
  ofQueue: () => brand,
  queueFor: () => null,
  languageOfCall: ({ locale }) => locale,
});
