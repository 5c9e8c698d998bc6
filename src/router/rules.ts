import { z } from "zod";
import type { JsonObject } from "#kit";

const hours = z.object({ days: z.array(z.number().int().min(1).max(7)), from: z.string(), until: z.string() });

const schema = z.object({
  /** The manual switch: `on` offers to everybody, `off` to nobody. */
  offers: z.enum(["auto", "on", "off"]).catch("auto"),
  when: z.enum(["own-wait", "only-at-peak"]).catch("own-wait"),
  hours: z.array(hours).catch([]),
  timeZone: z.string().refine(isTimeZone).catch("UTC"),
  aboveSeconds: z.number().min(0).optional().catch(undefined),
  holdOutPercent: z.number().min(0).max(100).optional().catch(undefined),
});

/** When the callers of one queue are offered a messenger; what is missing follows the settings. */
export type QueueRules = z.infer<typeof schema>;

/** Reads what is stored with a queue. A wrong part falls back to its default: a typo there must not stop a hotline. */
export const readRules = (stored: JsonObject): QueueRules => schema.parse(stored);

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat("en", { timeZone: name }).format();
    return true;
  } catch {
    return false;
  }
}
