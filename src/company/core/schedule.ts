import type { Instant } from "#kit";

/** A stretch of a day: `09:00`; `until` is excluded, and one not after `from` means the next morning. */
interface Span {
  from: string;
  until: string;
}

/** Hours of work on some days of the week. */
interface OpenHours extends Span {
  /** 1 = Monday … 7 = Sunday. */
  days: number[];
}

/** A date with hours of its own; none means closed. */
interface Holiday {
  /** `2026-12-31`. */
  date: string;
  hours: Span[];
}

/** When somebody works: by the week, but on holidays. */
export interface Schedule {
  /** Empty means always. */
  hours: OpenHours[];
  holidays: Holiday[];
  timeZone: string;
}

const DAY_NAMES = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const DAY_MS = 86_400_000;

/** True inside the hours. A night that began yesterday ends at midnight when today is a holiday. */
export function isOpen(schedule: Schedule, at: Instant): boolean {
  const { date, day, time } = localTime(at, schedule.timeZone);
  const holiday = holidayOn(date, schedule);
  if (holiday) return holiday.hours.some((span) => covers(span, time));
  if (schedule.hours.length === 0) return true;
  if (weekly(schedule, day).some((span) => covers(span, time))) return true;
  const yesterday = holidayOn(dateBefore(date), schedule)?.hours ?? weekly(schedule, day === 1 ? 7 : day - 1);
  return yesterday.some(({ from, until }) => until <= from && time < until);
}

const holidayOn = (date: string, { holidays }: Schedule) => holidays.find((holiday) => holiday.date === date);

const weekly = ({ hours }: Schedule, day: number): Span[] => hours.filter(({ days }) => days.includes(day));

const covers = ({ from, until }: Span, time: string) => time >= from && (until <= from || time < until);

const dateBefore = (date: string) => new Date(Date.parse(date) - DAY_MS).toISOString().slice(0, 10);

function localTime(at: Instant, timeZone: string): { date: string; day: number; time: string } {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return {
    date: `${parts["year"]}-${parts["month"]}-${parts["day"]}`,
    day: DAY_NAMES.indexOf(parts["weekday"]!) + 1,
    time: `${parts["hour"]}:${parts["minute"]}`,
  };
}

/** True for a name of the time zone database, such as `Asia/Almaty`. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name }).format(0);
    return true;
  } catch {
    return false;
  }
}
