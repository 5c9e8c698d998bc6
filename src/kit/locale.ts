/** Languages with full catalogues. */
export const locales = ["ru", "en"] as const;
export type Locale = (typeof locales)[number];

/** One text in every language. */
export type Localized = Record<Locale, string>;

/** The catalogue language nearest to a tag such as `ru-RU`; `fallback` when there is none. */
export function nearestLocale(tag: string | null | undefined, fallback: Locale): Locale {
  const language = tag?.toLowerCase().split(/[-_]/)[0];
  return locales.find((locale) => locale === language) ?? fallback;
}
