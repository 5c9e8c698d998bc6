import { z } from "zod";

/** A text setting with a default. */
export const text = (fallback: string, about: string) => z.string().default(fallback).describe(about);

/** A text setting that may be absent; an empty value counts as absent. */
export const optionalText = (about: string) =>
  z
    .string()
    .optional()
    .transform((value) => (value === "" ? undefined : value))
    .describe(about);

/** A whole number within bounds. */
export const wholeNumber = (fallback: number, bounds: { min: number; max: number }, about: string) =>
  z.coerce
    .number("must be a whole number")
    .int("must be a whole number")
    .min(bounds.min, `must be at least ${bounds.min}`)
    .max(bounds.max, `must be at most ${bounds.max}`)
    .default(fallback)
    .describe(about);

/** A TCP port. */
export const port = (fallback: number, about: string) => wholeNumber(fallback, { min: 0, max: 65_535 }, about);

/** An http or https address without a trailing slash. */
export const url = (fallback: string, about: string) =>
  z
    .url({ protocol: /^https?$/, error: "must be an address that starts with http:// or https://" })
    .transform((value) => value.replace(/\/+$/, ""))
    .default(fallback)
    .describe(about);

/** Origins such as `https://example.org`, with commas between them. */
export const origins = (fallback: string, about: string) =>
  z
    .string()
    .default(fallback)
    .transform((value) => value.split(",").map((origin) => origin.trim()))
    .refine(
      (all) => all.every(isOrigin),
      "must be addresses such as https://example.org without a path, with commas between",
    )
    .describe(about);

const isOrigin = (text: string) =>
  URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).origin === text;

/** `on` or `off`. */
export const flag = (fallback: boolean, about: string) =>
  z
    .enum(["on", "off"], "must be on or off")
    .default(fallback ? "on" : "off")
    .transform((value) => value === "on")
    .describe(about);
