import type { Database } from "#db";
import { countryOf, later, days, hours, type Clock, type Instant, type Millis, type PhoneNumber } from "#kit";
import type { SmsAccount } from "./settings.ts";

/** Why a text message may not leave, in words for the operator. */
interface NotAllowed {
  code: "sms_country" | "sms_hour_full" | "sms_number_full";
  words: string;
}

/**
 * Robots call hotlines so that the company pays for messages to numbers they earn from ("SMS pumping"). So only named
 * countries are written to, and an hour and a number have their most. Counted in the database: processes share it.
 */
export interface Allowance {
  /** Counts one message, or says why it may not leave. What was counted stays counted, sent or not. */
  take(phone: PhoneNumber, sender: SmsAccount): Promise<NotAllowed | null>;
}

interface Count {
  key: string;
  startsAt: Instant;
  most: number;
  full: NotAllowed;
}

const HOUR = hours(1);
const DAY = days(1);

/** Pure. The counts a message to this number goes into at this moment. */
function countsOf(phone: PhoneNumber, now: Instant, sender: SmsAccount): Count[] {
  return [
    {
      key: `sms to ${phone}`,
      startsAt: startOf(now, DAY),
      most: sender.perNumberPerDay,
      full: {
        code: "sms_number_full",
        words: `This number has had ${sender.perNumberPerDay} text messages today, the most one number may get.`,
      },
    },
    {
      key: `sms from ${sender.number}`,
      startsAt: startOf(now, HOUR),
      most: sender.perHour,
      full: {
        code: "sms_hour_full",
        words: `${sender.perHour} text messages have left within this hour, the most that may. Raise SMS_PER_HOUR if they are wanted.`,
      },
    },
  ];
}

const startOf = (now: Instant, window: Millis): Instant => (now - (now % window)) as Instant;

/** One row a count and window; a full one is left as it is. Nobody reads windows of the past: they go with the next message. */
const TAKE = `
  with old as (delete from allowance where tenant = $1 and ends_at < $2)
  insert into allowance (tenant, key, starts_at, ends_at, used) values ($1, $3, $4, $5, 1)
  on conflict (tenant, key, starts_at) do update set used = allowance.used + 1 where allowance.used < $6
  returning used`;

export function createAllowance(db: Database, clock: Clock): Allowance {
  async function count({ key, startsAt, most }: Count, now: Instant): Promise<boolean> {
    const rows = await db.query<{ used: number }>(TAKE, [
      db.tenant,
      new Date(now),
      key,
      new Date(startsAt),
      new Date(later(startsAt, DAY)),
      most,
    ]);
    return rows.length > 0;
  }

  return {
    async take(phone, sender) {
      const country = countryOf(phone);
      if (country === null || !sender.countries.includes(country))
        return {
          code: "sms_country",
          words: `Text messages to ${country ?? "this country"} are not allowed. Add it to SMS_COUNTRIES if they are wanted.`,
        };
      const now = clock.now();
      for (const one of countsOf(phone, now, sender)) if (!(await count(one, now))) return one.full;
      return null;
    },
  };
}
