import type { Instant, Locale } from "#kit";
import { remember } from "./remember.ts";

/** How dates, times and sums are written: Russian and British habits (24 hours, day before month). */
const TAGS: Record<Locale, string> = { ru: "ru-RU", en: "en-GB", kk: "kk-KZ" };

interface Place {
  language: Locale;
  timeZone: string;
}

const dates = remember((key) => {
  const { language, timeZone } = JSON.parse(key) as Place;
  return {
    date: new Intl.DateTimeFormat(TAGS[language], { day: "numeric", month: "long", timeZone }),
    time: new Intl.DateTimeFormat(TAGS[language], { hour: "2-digit", minute: "2-digit", timeZone }),
    day: new Intl.DateTimeFormat("en-CA", { timeZone }),
  };
});

const formats = ({ language, timeZone }: Place) => dates(JSON.stringify({ language, timeZone }));

/** "21 November". */
export const dateIn = (at: Instant, place: Place): string => formats(place).date.format(at);

/** "14:00"; null at midnight, which stands for no time at all. */
export function timeIn(at: Instant, place: Place): string | null {
  const time = formats(place).time.format(at);
  return time === "00:00" ? null : time;
}

/** The calendar day there, to compare. */
export const dayIn = (at: Instant, timeZone: string): string => formats({ language: "en", timeZone }).day.format(at);

const sums = remember((key) => {
  const [language, currency] = key.split(" ") as [Locale, string];
  return new Intl.NumberFormat(TAGS[language], { style: "currency", currency, trailingZeroDisplay: "stripIfInteger" });
});

/** A sum of minor units: "4 990 ₽". A currency nobody knows is shown as it is spelt. */
export function moneyIn(minor: number, currency: string, language: Locale): string {
  if (!/^[A-Za-z]{3}$/.test(currency)) return `${minor / 100} ${currency}`.trim();
  const format = sums(`${language} ${currency}`);
  return format.format(minor / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}
