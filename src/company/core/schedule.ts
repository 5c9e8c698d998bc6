import { days, instant, later, millis, type Instant } from "#kit";

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

/** When it opens next: `at` itself when it is open then, null when it never is. */
export function nextOpening(hours: OpenHours[], timeZone: string, at: Instant): Instant | null {
  if (isOpen(hours, timeZone, at)) return at;
  for (let ahead = 0; ahead <= 7; ahead += 1) {
    const { day, date } = localTime(later(at, days(ahead)), timeZone);
    const openings = hours
      .filter((one) => one.days.includes(day))
      .map(({ from }) => instantOf(date, from, timeZone))
      .filter((opening) => opening > at);
    if (openings.length > 0) return instant(Math.min(...openings));
  }
  return null;
}

/** The time of day there, such as `09:00`. */
export const timeOfDay = (at: Instant, timeZone: string): string => localTime(at, timeZone).time;

function localTime(at: Instant, timeZone: string): { day: number; date: string; time: string } {
  const format = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    weekday: "short",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const parts = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return {
    day: DAY_NAMES.indexOf(parts["weekday"]!) + 1,
    date: `${parts["year"]}-${parts["month"]}-${parts["day"]}`,
    time: `${parts["hour"]}:${parts["minute"]}`,
  };
}

/** The moment of a local date and time. Asked twice, because the first answer may lie on the other side of a clock change. */
function instantOf(date: string, time: string, timeZone: string): Instant {
  const wanted = instant(Date.parse(`${date}T${time}:00Z`));
  const offsetAt = (at: Instant) => {
    const local = localTime(at, timeZone);
    return millis(Date.parse(`${local.date}T${local.time}:00Z`) - at);
  };
  const first = instant(wanted - offsetAt(wanted));
  return instant(wanted - offsetAt(first));
}
