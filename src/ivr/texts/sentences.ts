import type { Locale } from "#kit";
import type { CallTime } from "#router";
import { catalogue } from "./index.ts";
import type { ChannelWords } from "./texts.ts";

const upTo = (most: number) => Array.from({ length: most }, (_, i) => i + 1);

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
    wordsFor,
    callbackPromised,
    queueFullPromised,
    closed,
    closedGoodbye,
    ...rest
  } = catalogue[locale];
  const told = Object.values(rest).flatMap((text) =>
    typeof text === "string" ? [text] : Object.values(channels).map((channel) => text(channel)),
  );
  const toldOtherwise = Object.entries(wordsFor).flatMap(([channel, words]) =>
    Object.values(words).map((text: ChannelWords["offer"]) => text(channel)),
  );
  const minutes = upTo(MOST_MINUTES).flatMap((to) => upTo(to).map((from) => ({ from, to })));
  return [
    greeting(company),
    ...upTo(MOST_PLACES).map((nth) => place(nth, null)),
    ...minutes.map((range) => place(1, range)),
    ...told,
    ...toldOtherwise,
    closed(company, null),
    closedGoodbye(null),
    ...callTimes.flatMap((when) => [callbackPromised(when), queueFullPromised(when)]),
    ...Object.values(acts),
  ];
}

/** What is promised of callbacks within the hour, in the steps of the promise; later ones and times of day are said. */
const callTimes: CallTime[] = [
  { kind: "in-turn" },
  ...[5, 6, 7, 8, 9, 10].flatMap((to) => upTo(to - 1).map((from) => within(from, to))),
  ...[15, 20, 25, 30, 35, 40, 45, 50, 55, 60].flatMap((to) =>
    [1, 5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55].filter((from) => from < to).map((from) => within(from, to)),
  ),
];

function within(fromMinutes: number, toMinutes: number): CallTime {
  return { kind: "within", fromMinutes, toMinutes };
}
