/** The languages of the app. */
export type Locale = "ru" | "en";

/** The forms a noun takes after a number. English uses `one` and `other`, Russian `one`, `few` and `many`. */
export type PluralForms = { one: string; other: string } | { one: string; few: string; many: string };

const TAGS: Record<Locale, string> = { ru: "ru-RU", en: "en-GB" };
const made = new Map<string, unknown>();

/** Intl objects are slow to make and free to keep. */
function kept<T>(key: string, make: () => T): T {
  if (!made.has(key)) made.set(key, make());
  return made.get(key) as T;
}

/** The noun in the form this number asks for, without the number. */
export function plural(locale: Locale, count: number, forms: PluralForms): string {
  const rules = kept(`plural ${locale}`, () => new Intl.PluralRules(TAGS[locale]));
  const rule = rules.select(count);
  if ("other" in forms) return rule === "one" ? forms.one : forms.other;
  if (rule === "one") return forms.one;
  return rule === "few" ? forms.few : forms.many;
}

/** "3 minutes": the number as people write it and the noun in its form. */
export const counted = (locale: Locale, count: number, forms: PluralForms): string =>
  `${number(locale, count)} ${plural(locale, count, forms)}`;

const SUFFIXES: Record<string, string> = { one: "st", two: "nd", few: "rd", other: "th" };

/** A place in line: `7th`, `7-й`. */
export function ordinal(locale: Locale, count: number): string {
  if (locale === "ru") return `${count}-й`;
  const rules = kept("ordinal", () => new Intl.PluralRules("en-GB", { type: "ordinal" }));
  return `${count}${SUFFIXES[rules.select(count)] ?? "th"}`;
}

/** A number as people of this language write it. */
const number = (locale: Locale, value: number, digits = 0): string =>
  kept(
    `number ${locale} ${digits}`,
    () => new Intl.NumberFormat(TAGS[locale], { maximumFractionDigits: digits, minimumFractionDigits: digits }),
  ).format(value);

/** The size of a file, `340 KB`, `4.2 MB`. */
export function fileSize(locale: Locale, bytes: number): string {
  const kilobytes = Math.max(1, Math.round(bytes / 1024));
  if (kilobytes < 1024) return `${number(locale, kilobytes)} ${locale === "ru" ? "КБ" : "KB"}`;
  return `${number(locale, bytes / 1024 / 1024, 1)} ${locale === "ru" ? "МБ" : "MB"}`;
}

/** A share of one as a whole percentage. */
export const percent = (locale: Locale, share: number): string =>
  kept(`percent ${locale}`, () => new Intl.NumberFormat(TAGS[locale], { style: "percent" })).format(share);

/** The time of day, `14:34`. */
export const timeOfDay = (locale: Locale, at: number): string =>
  kept(`time ${locale}`, () => new Intl.DateTimeFormat(TAGS[locale], { hour: "2-digit", minute: "2-digit" })).format(
    at,
  );

/** The time of day to the second, `14:34:07`. */
export const exactTime = (locale: Locale, at: number): string =>
  kept(`exact ${locale}`, () => new Intl.DateTimeFormat(TAGS[locale], { timeStyle: "medium" })).format(at);

/** The day in words, `21 November`. */
export const dayInWords = (locale: Locale, at: number): string =>
  kept(`day ${locale}`, () => new Intl.DateTimeFormat(TAGS[locale], { day: "numeric", month: "long" })).format(at);

/** A length of time as a clock shows it, `6:20`. */
export function minutesAndSeconds(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

/** How long somebody waits, short enough for a row: `4:10`, then `2 h`. */
export function waitingTime(locale: Locale, ms: number): string {
  if (ms < 3_600_000) return minutesAndSeconds(Math.floor(ms / 1000));
  return `${Math.floor(ms / 3_600_000)} ${locale === "ru" ? "ч" : "h"}`;
}

const UNITS = {
  ru: { ms: "мс", s: "с", m: "мин" },
  en: { ms: "ms", s: "s", m: "m" },
} satisfies Record<Locale, Record<"ms" | "s" | "m", string>>;

/** A short length of time in the unit that fits: `12 ms`, `1.8 s`, `2 m 38 s`. */
export function span(locale: Locale, ms: number): string {
  const unit = UNITS[locale];
  if (ms < 1000) return `${Math.max(0, Math.round(ms))} ${unit.ms}`;
  if (ms < 60_000) return `${number(locale, ms / 1000, 1)} ${unit.s}`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} ${unit.m} ${seconds % 60} ${unit.s}`;
}

/** A phone number in the groups people read; a Russian one as Russians write it. */
export function phoneInGroups(phone: string): string {
  const russian = /^\+7(\d{3})(\d{3})(\d{2})(\d{2})$/.exec(phone);
  return russian ? `+7 ${russian[1]} ${russian[2]}-${russian[3]}-${russian[4]}` : phone;
}
