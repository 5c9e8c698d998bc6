import { holidays, openHours, timeZone, type Brand, type Schedule } from "#company";
import type { JsonObject } from "#kit";
import { z } from "zod";

const callbackRules = z.strictObject({
  ring: z
    .enum(["auto", "by-hand"])
    .default("auto")
    .describe("auto rings an operator who is free; by-hand waits until one asks for the next caller."),
  hours: openHours.optional().describe("When customers may be called; left out: the hours of the queue."),
  tries: z.number().int().min(1).max(20).default(3).describe("How often a customer is dialled in vain."),
  noAnswerMinutes: z.number().min(1).max(1440).default(120).describe("Until the next try when nobody answered."),
  busyMinutes: z.number().min(1).max(1440).default(15).describe("Until the next try after any other end."),
});

/** How callers of one queue are offered a messenger and called back, as administrators enter it; what is missing follows the settings. */
export const queueRules = z.strictObject({
  offers: z.enum(["auto", "on", "off"]).default("auto").describe("The manual switch: on to everybody, off to nobody."),
  when: z.enum(["own-wait", "only-at-peak"]).default("own-wait"),
  hours: openHours.default([]).describe("Of this queue; empty: those of its brand."),
  holidays: holidays.optional().describe("Of this queue; left out: those of its brand."),
  timeZone: timeZone.optional().describe("Of this queue; left out: that of its brand."),
  aboveSeconds: z.number().min(0).optional(),
  holdOutPercent: z.number().min(0).max(100).optional(),
  whenClosed: z
    .enum(["wait", "callback"])
    .default("wait")
    .describe("What callers outside of the hours hear: wait as ever, or callback: we are closed and may call back."),
  callbacks: callbackRules.prefault({}),
});

/** The rules of a queue, read. */
export type QueueRules = z.output<typeof queueRules>;

const { shape } = queueRules;
const { shape: calls } = callbackRules;
const lenient = z.object({
  offers: shape.offers.catch("auto"),
  when: shape.when.catch("own-wait"),
  hours: shape.hours.catch([]),
  holidays: shape.holidays.catch(undefined),
  timeZone: shape.timeZone.catch(undefined),
  aboveSeconds: shape.aboveSeconds.catch(undefined),
  holdOutPercent: shape.holdOutPercent.catch(undefined),
  whenClosed: shape.whenClosed.catch("wait"),
  callbacks: z
    .object({
      ring: calls.ring.catch("auto"),
      hours: calls.hours.catch(undefined),
      tries: calls.tries.catch(3),
      noAnswerMinutes: calls.noAnswerMinutes.catch(120),
      busyMinutes: calls.busyMinutes.catch(15),
    })
    .prefault({})
    .catch(callbackRules.parse({})),
});

/** Reads what is stored with a queue. A wrong part falls back to its default: a typo there must not stop a hotline. */
export const readRules = (stored: JsonObject): QueueRules => lenient.parse(stored);

/** When a queue is open: by its own hours, holidays and time zone, else by its brand's. */
export const scheduleOf = (rules: QueueRules, brand: Brand): Schedule => ({
  hours: rules.hours.length > 0 ? rules.hours : brand.hours,
  holidays: rules.holidays ?? brand.holidays,
  timeZone: rules.timeZone ?? brand.timeZone,
});

/** When customers of a queue may be called: by its own hours for that, else while it is open. */
export function callingSchedule(rules: QueueRules, brand: Brand): Schedule {
  const open = scheduleOf(rules, brand);
  const { hours } = rules.callbacks;
  return hours ? { ...open, hours, holidays: [] } : open;
}
