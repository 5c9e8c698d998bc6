import { describe, expect, it } from "vitest";
import { instant } from "#kit";
import { isOpen, type Schedule } from "../../src/company/core/schedule.ts";

const weekdays: Schedule = {
  hours: [{ days: [1, 2, 3, 4, 5], from: "09:00", until: "21:00" }],
  holidays: [],
  timeZone: "Europe/Moscow",
};
/** Friday, 20 November 2026 is day 20. */
const at = (day: number, hour: number, minute = 0) => instant(Date.UTC(2026, 10, day, hour, minute));

describe("hours of work", () => {
  it("are read in their own time zone", () => {
    expect(isOpen(weekdays, at(20, 17, 59))).toBe(true);
    expect(isOpen(weekdays, at(20, 18))).toBe(false);
    expect(isOpen({ ...weekdays, timeZone: "Asia/Almaty" }, at(20, 16))).toBe(false);
    expect(isOpen(weekdays, at(21, 12))).toBe(false);
  });

  it("may go past midnight, and mean always when there are none", () => {
    const night: Schedule = { hours: [{ days: [5], from: "22:00", until: "02:00" }], holidays: [], timeZone: "UTC" };

    expect(isOpen(night, at(20, 21))).toBe(false);
    expect(isOpen(night, at(21, 1))).toBe(true);
    expect(isOpen(night, at(21, 2))).toBe(false);
    expect(isOpen({ ...night, hours: [] }, at(20, 12))).toBe(true);
  });

  it("give way to holidays, which are closed or have hours of their own", () => {
    const holidays = [
      { date: "2026-11-20", hours: [] },
      { date: "2026-11-21", hours: [{ from: "12:00", until: "16:00" }] },
    ];

    for (const hours of [weekdays.hours, []]) {
      const schedule = { ...weekdays, hours, holidays };
      expect(isOpen(schedule, at(20, 12))).toBe(false);
      expect(isOpen(schedule, at(21, 8, 59))).toBe(false);
      expect(isOpen(schedule, at(21, 9))).toBe(true);
      expect(isOpen(schedule, at(21, 13))).toBe(false);
    }
  });

  it("know on which date it is there, not here", () => {
    const schedule: Schedule = { hours: [], holidays: [{ date: "2026-11-21", hours: [] }], timeZone: "Asia/Almaty" };

    expect(isOpen(schedule, at(20, 18, 59))).toBe(true);
    expect(isOpen(schedule, at(20, 19))).toBe(false);
    expect(isOpen(schedule, at(21, 18, 59))).toBe(false);
    expect(isOpen(schedule, at(21, 19))).toBe(true);
  });

  it("end a night at midnight when the next day is a holiday, and go on after one that was open late", () => {
    const nights = { hours: [{ days: [5], from: "22:00", until: "02:00" }], timeZone: "UTC" };
    const closed = { ...nights, holidays: [{ date: "2026-11-21", hours: [] }] };
    const late = {
      ...nights,
      hours: weekdays.hours,
      holidays: [{ date: "2026-11-21", hours: [{ from: "20:00", until: "01:00" }] }],
    };

    expect(isOpen(closed, at(20, 23))).toBe(true);
    expect(isOpen(closed, at(21, 1))).toBe(false);
    expect(isOpen(late, at(22, 0, 30))).toBe(true);
  });
});
