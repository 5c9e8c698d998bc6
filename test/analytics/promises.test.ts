import { describe, expect, it } from "vitest";
import { instant, later, minutes } from "#kit";
import { reportOf, type CallbackFacts } from "../../src/analytics/core/promises.ts";

const NOON = instant(Date.UTC(2026, 10, 20, 12));
const at = (minute: number) => later(NOON, minutes(minute));

const promised = (changes: Partial<CallbackFacts> = {}): CallbackFacts => ({
  asked: true,
  promisedAt: at(10),
  nextAt: null,
  toldOfSlips: true,
  slips: 0,
  rangAt: null,
  connected: false,
  end: null,
  ...changes,
});
const slipped = (changes: Partial<CallbackFacts> = {}) => promised({ slips: 1, nextAt: at(20), ...changes });

describe("the report of promised times", () => {
  it.each<[string, CallbackFacts, number, string]>([
    ["rang in time", promised({ rangAt: at(9) }), 30, "kept"],
    ["rang in time although a delay was announced", slipped({ rangAt: at(9) }), 30, "kept"],
    ["rang by the time that was announced again", slipped({ rangAt: at(19) }), 30, "announced_again"],
    ["rang later than announced again", slipped({ rangAt: at(21) }), 30, "missed"],
    ["rang late, and nobody was told", slipped({ rangAt: at(19), toldOfSlips: false }), 30, "missed"],
    ["rang late", promised({ rangAt: at(11) }), 30, "missed"],
    ["never rang", promised(), 11, "missed"],
    ["has not come yet", promised(), 9, "open"],
    ["was announced again and has not come yet", slipped(), 15, "open"],
    ["is not needed any more", promised({ end: "cancelled" }), 30, "called_off"],
  ])("%s: %s", (_what, facts, now, outcome) => {
    const { promised: count, promises } = reportOf([facts], at(now));

    expect(count).toBe(1);
    expect(Object.entries(promises).filter(([, number]) => number > 0)).toEqual([[outcome, 1]]);
  });

  it("counts how callbacks ended, and those to whom nothing was promised apart", () => {
    const report = reportOf(
      [
        promised({ rangAt: at(5), connected: true, end: "done" }),
        promised({ asked: false, promisedAt: null, rangAt: at(5), end: "not-reached" }),
        promised({ promisedAt: null, end: "cancelled" }),
        promised({ promisedAt: null }),
      ],
      at(30),
    );

    expect(report).toMatchObject({
      callbacks: 4,
      asked: 3,
      owed: 1,
      connected: 1,
      not_reached: 1,
      cancelled: 1,
      open: 1,
      promised: 1,
    });
  });
});
