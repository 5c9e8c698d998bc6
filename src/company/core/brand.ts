import type { Locale, Localized, Region } from "#kit";
import type { Schedule } from "./schedule.ts";

/** One face of the company towards customers. */
export interface Brand extends Schedule {
  code: string;
  /** As customers read and hear it; at least in the brand's own language. */
  name: Partial<Localized>;
  /** Of customers whose language is not known. */
  locale: Locale;
  /** Of numbers without a country code. */
  region: Region;
}

/** The brand of whatever names none; the settings describe it until somebody saves it. */
export const DEFAULT_BRAND = "default";

/** The brand's name in a language; its own language's is better than none. */
export const nameOf = ({ name, locale }: Brand, wanted: Locale): string => name[wanted] ?? name[locale] ?? "";

/** A queue as far as languages go. */
export interface Line {
  code: string;
  brand: string;
  locale: Locale;
}

/**
 * The language of a call. Dialling the line of one language where the brand has one in the caller's own is a choice;
 * a caller who had none is spoken to in the language known from before.
 */
export function languageOfCall(dialled: Line, known: Locale | null, lines: Line[]): Locale {
  const hadChoice = lines.some(({ brand, locale }) => brand === dialled.brand && locale === known);
  return known === null || hadChoice ? dialled.locale : known;
}

/** The queue of a brand for a language: one that speaks it, else the brand's first; null when the brand has none. */
export function queueFor(brand: string, locale: Locale, lines: Line[]): string | null {
  const own = lines.filter((line) => line.brand === brand);
  return (own.find((line) => line.locale === locale) ?? own[0])?.code ?? null;
}
