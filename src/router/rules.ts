import { holidays, openHours, timeZone, type Brand, type Schedule } from "#company";
import type { JsonObject } from "#kit";
import { z } from "zod";

/** When the callers of one queue are offered a messenger, as administrators enter it; what is missing follows the settings. */
export const queueRules = z.strictObject({
  offers: z.enum(["auto", "on", "off"]).default("auto").describe("The manual switch: on to everybody, off to nobody."),
  when: z.enum(["own-wait", "only-at-peak"]).default("own-wait"),
  hours: openHours.default([]).describe("Of this queue; empty: those of its brand."),
  holidays: holidays.optional().describe("Of this queue; left out: those of its brand."),
  timeZone: timeZone.optional().describe("Of this queue; left out: that of its brand."),
  aboveSeconds: z.number().min(0).optional(),
  holdOutPercent: z.number().min(0).max(100).optional(),
});

/** The rules of a queue, read. */
export type QueueRules = z.output<typeof queueRules>;

const { shape } = queueRules;
const lenient = z.object({
  offers: shape.offers.catch("auto"),
  when: shape.when.catch("own-wait"),
  hours: shape.hours.catch([]),
  holidays: shape.holidays.catch(undefined),
  timeZone: shape.timeZone.catch(undefined),
  aboveSeconds: shape.aboveSeconds.catch(undefined),
  holdOutPercent: shape.holdOutPercent.catch(undefined),
});

/** Reads what is stored with a queue. A wrong part falls back to its default: a typo there must not stop a hotline. */
export const readRules = (stored: JsonObject): QueueRules => lenient.parse(stored);

/** When a queue is open: by its own hours, holidays and time zone, else by its brand's. */
export const scheduleOf = (rules: QueueRules, brand: Brand): Schedule => ({
  hours: rules.hours.length > 0 ? rules.hours : brand.hours,
  holidays: rules.holidays ?? brand.holidays,
  timeZone: rules.timeZone ?? brand.timeZone,
});
