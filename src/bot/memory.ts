import { z } from "zod";
import { locales } from "#kit";
import type { Json } from "#kit";
import type { Memory } from "./core/memory.ts";

const code = z.string().max(200);
const count = z.number().int().min(0).max(99).catch(0);

const schema: z.ZodType<Memory> = z.object({
  language: z.enum(locales).nullable().catch(null),
  misses: count,
  waiting: z.enum(["helped", "which", "words", "order-number"]).nullable().catch(null),
  offered: z.array(code).max(3).catch([]),
  answered: code.nullable().catch(null),
  rejected: code.nullable().catch(null),
  greeted: z.boolean().catch(false),
  strangers: count,
});

const FRESH = schema.parse({});

/** Reads what an earlier turn gave to be kept; whatever is missing or strange starts fresh. */
export function readMemory(json: Json): Memory {
  const read = schema.safeParse(json);
  return read.success ? read.data : FRESH;
}
