import { z } from "zod";
import type { Brand, OpenHours } from "#company";
import type { JsonObject } from "#kit";

const hours = z.object({ days: z.array(z.number().int().min(1).max(7)), from: z.string(), until: z.string() });

const CALLBACKS = { ring: "auto" as const, hours: undefined, tries: 3, noAnswerMinutes: 120, busyMinutes: 15 };

const schema = z.object({
  /** The manual switch: `on` offers to everybody, `off` to nobody. */
  offers: z.enum(["auto", "on", "off"]).catch("auto"),
  when: z.enum(["own-wait", "only-at-peak"]).catch("own-wait"),
  hours: z.array(hours).catch([]),
  timeZone: z.string().refine(isTimeZone).catch("UTC"),
  aboveSeconds: z.number().min(0).optional().catch(undefined),
  holdOutPercent: z.number().min(0).max(100).optional().catch(undefined),
  callbacks: z
    .object({
      /** `auto` rings an operator who is free; `by-hand` waits until one asks for the next caller. */
      ring: z.enum(["auto", "by-hand"]).catch("auto"),
      /** When customers may be called; the brand's hours when absent. */
      hours: z.array(hours).optional().catch(undefined),
      tries: z.number().int().min(1).max(20).catch(3),
      noAnswerMinutes: z.number().min(1).max(1440).catch(120),
      busyMinutes: z.number().min(1).max(1440).catch(15),
    })
    .catch(CALLBACKS)
    .default(CALLBACKS),
});

/** When the callers of one queue are offered a messenger, and how they are called back; what is missing follows the settings. */
export type QueueRules = z.infer<typeof schema>;

/** Reads what is stored with a queue. A wrong part falls back to its default: a typo there must not stop a hotline. */
export const readRules = (stored: JsonObject): QueueRules => schema.parse(stored);

/** When customers of a queue may be called, and by which clock. */
export const callingHours = (
  { callbacks, timeZone }: QueueRules,
  brand: Pick<Brand, "hours" | "timeZone">,
): { hours: OpenHours[]; timeZone: string } =>
  callbacks.hours ? { hours: callbacks.hours, timeZone } : { hours: brand.hours, timeZone: brand.timeZone };

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name }).format();
    return true;
  } catch {
    return false;
  }
}
