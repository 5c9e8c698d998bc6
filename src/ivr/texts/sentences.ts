import type { Locale } from "#kit";
import { catalogue } from "./index.ts";

/** Places and minutes worth recording one by one; what is beyond is said. */
const MOST_PLACES = 30;
const MOST_MINUTES = 15;

/** Everything a caller may hear in a language, for whoever records it; the digits of a number read back are left out. */
export function textsToRecord(locale: Locale, company: string): string[] {
  const {
    channels,
    acts,
    speech: _words,
    wording: _name,
    greeting,
    place,
    confirmNumber: _digits,
    ...rest
  } = catalogue[locale];
  const told = Object.values(rest).flatMap((text) =>
    typeof text === "string" ? [text] : Object.values(channels).map((channel) => text(channel)),
  );
  const minutes = upTo(MOST_MINUTES).flatMap((to) => upTo(to).map((from) => ({ from, to })));
  return [
    greeting(company),
    ...upTo(MOST_PLACES).map((nth) => place(nth, null)),
    ...minutes.map((range) => place(1, range)),
    ...told,
    ...Object.values(acts),
  ];
}

const upTo = (most: number) => Array.from({ length: most }, (_, i) => i + 1);
