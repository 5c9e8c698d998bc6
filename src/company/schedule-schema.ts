import { z } from "zod";
import { isTimeZone } from "./core/schedule.ts";

const MOST = 100;

const time = z.string().regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, "must be a time such as 09:00");
const span = z.strictObject({ from: time, until: time });
const day = z.number().int().min(1, "must be a day from 1 (Monday) to 7").max(7, "must be a day from 1 (Monday) to 7");

/** Hours by the week, as administrators enter them. */
export const openHours = z.array(z.strictObject({ days: z.array(day).min(1).max(7), ...span.shape })).max(MOST);

/** Dates that are closed or have hours of their own. */
export const holidays = z
  .array(
    z.strictObject({ date: z.iso.date("must be a date such as 2026-12-31"), hours: z.array(span).max(10).default([]) }),
  )
  .max(MOST)
  .refine((list) => new Set(list.map(({ date }) => date)).size === list.length, "must name each date once");

/** A name of the time zone database. */
export const timeZone = z.string().refine(isTimeZone, "must be a time zone such as Asia/Almaty");
