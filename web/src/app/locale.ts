import { en, type Catalogue } from "../i18n/en.ts";
import type { Locale } from "../i18n/format.ts";
import { ru } from "../i18n/ru.ts";
import { storage } from "./storage.ts";
import { createStore, useStore } from "./store.ts";

const catalogues: Record<Locale, Catalogue> = { ru, en };

const isLocale = (value: string | null): value is Locale => value === "ru" || value === "en";

const asked = (): string | null => new URLSearchParams(location.search).get("lang");

function first(): Locale {
  const wanted = [asked(), storage.read("locale")].find(isLocale);
  return wanted ?? (navigator.languages.some((tag) => tag.startsWith("ru")) ? "ru" : "en");
}

const locale = createStore<Locale>(first());
document.documentElement.lang = locale.get();

/** Changes the language of the page and remembers it. */
export function setLocale(next: Locale): void {
  storage.write("locale", next);
  document.documentElement.lang = next;
  locale.set(next);
}

/** Uses the operator's own language unless this browser already chose one. */
export function suggestLocale(next: Locale): void {
  if (storage.read("locale") === null && asked() === null) setLocale(next);
}

/** The language shown now. */
export const useLocale = (): Locale => useStore(locale);

/** Every text of the app in the language shown now. */
export const useTexts = (): Catalogue => catalogues[useLocale()];

/** The sentence for a refusal: ours by its code, else the server's own. */
export const sentenceFor = (texts: Catalogue, code: string, message: string): string =>
  texts.problems[code] ?? (message === "" ? (texts.problems["unknown"] ?? "") : message);
