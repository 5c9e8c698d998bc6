import { between, hours, instant, minutes, type Instant } from "#kit";
import { expect, it } from "vitest";
import { listenOn, nextLook, silentBefore, type Listening, type Silences } from "../../src/ivr/core/silence.ts";

/** Looks whenever it is time to, until the call is taken for over; answers when and after how many looks. */
function listenTo(silences: Silences, start: Instant) {
  let listening: Listening = listenOn(null, start);
  for (let looks = 1; looks < 100; looks++) {
    const before = silentBefore(listening);
    const isOver = (since: Instant | null, limit: Instant) => since !== null && since <= limit;
    if (before && (isOver(silences.waiting, before.waiting) || isOver(silences.talking, before.talking)))
      return { after: between(start, listening.until), looks };
    const next = nextLook(silences, listening);
    if (next === null || next <= listening.until) throw new Error("It would never look again, or never stop.");
    listening = listenOn(listening, next);
  }
  throw new Error("It was never taken for over.");
}

const NOON = instant(1_000_000_000);

it("a silent caller is taken for over after three minutes of listening", () => {
  expect(listenTo({ waiting: NOON, talking: null }, NOON).after).toBe(minutes(3));
  expect(listenTo({ waiting: instant(NOON - hours(9)), talking: null }, NOON).after).toBe(minutes(3));
});

it("a silent conversation is looked at when its time comes, not all the while", () => {
  const { after, looks } = listenTo({ waiting: null, talking: NOON }, NOON);

  expect(after).toBe(hours(4) + minutes(3));
  expect(looks).toBeLessThan(12);
});

it("a look after a break begins anew: it was us who could not hear", () => {
  const before = { since: NOON, until: instant(NOON + minutes(30)) };

  expect(silentBefore(listenOn(before, instant(NOON + minutes(31))))).not.toBeNull();
  expect(silentBefore(listenOn(before, instant(NOON + minutes(32))))).toBeNull();
});

it("nothing is planned while there are no calls", () => {
  expect(nextLook({ waiting: null, talking: null }, listenOn(null, NOON))).toBeNull();
});
