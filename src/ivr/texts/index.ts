import type { Locale } from "#kit";
import { en } from "./en.ts";
import { kk } from "./kk.ts";
import { ru } from "./ru.ts";
import type { Texts } from "./texts.ts";

/** What callers hear, by language. */
export const catalogue: Record<Locale, Texts> = { ru, en, kk };
