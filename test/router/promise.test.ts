import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Schedule } from "#company";
import { instant, later, minutes, seconds } from "#kit";
import { promiseOf } from "../../src/router/core/promise.ts";
import { callingSchedule, readRules } from "../../src/router/rules.ts";
import { willSlip } from "../../src/outbound/core/slip.ts";
import { brandWith } from "../support/brands.ts";

/** Noon in Moscow. */
const NOON = instant(Date.UTC(2026, 10, 20, 9));
const always: Schedule = { hours: [], holidays: [], timeZone: "Europe/Moscow" };
const day: Schedule = { ...always, hours: [{ days: [1, 2, 3, 4, 5, 6, 7], from: "09:00", until: "12:20" }] };
const facts = (waitSeconds: number | null, sigmaSeconds = 0, schedule = always) => ({
  waitSeconds,
  sigmaSeconds,
  schedule,
});

describe("what is promised about the time of a callback", () => {
  it.each([
    [60, 30, 1, 5],
    [400, 60, 6, 9],
    [500, 100, 5, 15],
    [1200, 200, 15, 25],
    [5400, 600, 75, 105],
  ])("for %d ± %d seconds it is %d to %d minutes", (wait, sigma, fromMinutes, toMinutes) => {
    expect(promiseOf(facts(wait, sigma), NOON)).toMatchObject({
      time: { kind: "within", fromMinutes, toMinutes },
      at: later(NOON, minutes(toMinutes)),
    });
  });

  it("holds the expected wait and the ringing, and is a real interval", () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.nat(3000), (wait, sigma) => {
        const { time, at, earliestAt } = promiseOf(facts(wait, sigma), NOON);
        if (time.kind !== "within") return;
        expect(time.fromMinutes).toBeGreaterThanOrEqual(1);
        expect(time.toMinutes).toBeGreaterThan(time.fromMinutes);
        expect(at!).toBeGreaterThanOrEqual(later(NOON, seconds(wait + sigma + 60)));
        expect(earliestAt!).toBeLessThanOrEqual(later(NOON, seconds(wait)));
      }),
    );
  });

  it("is nothing while nobody works, and nothing too far ahead", () => {
    expect(promiseOf(facts(null), NOON)).toEqual({ time: { kind: "in-turn" }, at: null, earliestAt: null });
    expect(promiseOf(facts(5 * 3600), NOON).time).toEqual({ kind: "in-turn" });
  });

  it("is the first hour after opening when the turn comes after closing time", () => {
    const tomorrow = instant(Date.UTC(2026, 10, 21, 6));

    expect(promiseOf(facts(600, 0, day), NOON).time.kind).toBe("within");
    expect(promiseOf(facts(1800, 0, day), NOON)).toEqual({
      time: { kind: "between", from: "09:00", until: "10:00" },
      at: later(tomorrow, minutes(60)),
      earliestAt: tomorrow,
    });
  });

  it("slips when even the earliest ring is too late, or when the time is over", () => {
    const promised = later(NOON, minutes(10));

    expect(willSlip(promised, later(NOON, minutes(9)), NOON)).toBe(false);
    expect(willSlip(promised, later(NOON, minutes(11)), NOON)).toBe(true);
    expect(willSlip(promised, null, NOON)).toBe(false);
    expect(willSlip(promised, null, promised)).toBe(true);
  });
});

describe("when customers of a queue are called", () => {
  const brand = brandWith({
    hours: [{ days: [1], from: "10:00", until: "18:00" }],
    holidays: [{ date: "2026-12-31", hours: [] }],
  });

  it("is while the queue is open, unless it has hours for that", () => {
    const own = [{ days: [1, 2], from: "08:00", until: "22:00" }];

    expect(callingSchedule(readRules({}), brand)).toMatchObject({ hours: brand.hours, holidays: brand.holidays });
    expect(callingSchedule(readRules({ callbacks: { hours: own } }), brand)).toMatchObject({
      hours: own,
      holidays: [],
    });
  });

  it("falls back to the defaults where a rule is a typo", () => {
    const { callbacks, whenClosed } = readRules({
      whenClosed: "sleep",
      callbacks: { ring: "loud", tries: -1, busyMinutes: 5 },
    });

    expect(whenClosed).toBe("wait");
    expect(callbacks).toEqual({ ring: "auto", hours: undefined, tries: 3, noAnswerMinutes: 120, busyMinutes: 5 });
    expect(readRules({ callbacks: "none" }).callbacks).toMatchObject({ ring: "auto", tries: 3 });
  });
});
