import type { Locale } from "#kit";
import { en } from "./en.ts";
import { kk } from "./kk.ts";
import { ru } from "./ru.ts";
import type { OutboundTexts } from "./texts.ts";

/** What is said on the legs we make, by language. */
export const catalogue: Record<Locale, OutboundTexts> = { ru, en, kk };
