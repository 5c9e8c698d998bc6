import { locales, storable } from "#kit";
import { z } from "zod";

/** The code of a brand or a queue, as it stands in addresses and settings. */
export const code = z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/, "must be small letters, digits and hyphens");

/** What customers read and hear, by language; a language may be missing. */
export const shownName = z.partialRecord(z.enum(locales), z.string().trim().min(1).max(60).transform(storable));
