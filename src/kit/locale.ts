/** Languages customers are spoken to in: every catalogue they read or hear has all of them. */
export const locales = ["ru", "en", "kk"] as const;
export type Locale = (typeof locales)[number];

/** Languages of operators' screens. */
export const screenLocales = ["ru", "en"] as const satisfies Locale[];
export type ScreenLocale = (typeof screenLocales)[number];

/** One text in every language. */
export type Localized = Record<Locale, string>;

/** One text in every language, the same in all. */
export const inEveryLanguage = (text: string): Localized => ({ ru: text, en: text, kk: text });

/** The language of a tag such as `kk-KZ`; `usual` when customers are not spoken to in it. */
export const localeOfTag = (tag: string | null | undefined, usual: Locale): Locale =>
  locales.find((locale) => locale === tag?.toLowerCase().split(/[-_]/)[0]) ?? usual;

/** True for Cyrillic letters that Kazakh has and Russian has not; `і` counts unless the text is Ukrainian. */
export const hasKazakhLetters = (text: string): boolean =>
  /[әғқңөұүһ]/iu.test(text) || (/і/iu.test(text) && !/[їєґў]/iu.test(text));

/** The language of the screens for somebody who speaks this one. */
export const screenLocaleOf = (locale: Locale): ScreenLocale => (locale === "en" ? "en" : "ru");
