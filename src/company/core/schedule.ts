import type { Instant } from "#kit";

/** Hours of work on some days of the week. */
export interface OpenHours {
  /** 1 = Monday … 7 = Sunday. */
  days: number[];
  /** `09:00`; `until` is excluded, and one before `from` means the next morning. */
  from: string;
  until: string;
}

const DAY_NAMES = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/** True inside any of the hours. An empty list means always. */
export function isOpen(hours: OpenHours[], timeZone: string, at: Instant): boolean {
  if (hours.length === 0) return true;
  const { day, time } = localTime(at, timeZone);
  const yesterday = day === 1 ? 7 : day - 1;
  return hours.some(({ days, from, until }) => {
    if (from < until) return days.includes(day) && time >= from && time < until;
    return (days.includes(day) && time >= from) || (days.includes(yesterday) && time < until);
  });
}

function localTime(at: Instant, timeZone: string): { day: number; time: string } {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return { day: DAY_NAMES.indexOf(parts["weekday"]!) + 1, time: `${parts["hour"]}:${parts["minute"]}` };
}
