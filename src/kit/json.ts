/** Anything that survives JSON. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };
export type JsonObject = { [key: string]: Json };

// oxlint-disable-next-line no-control-regex -- NUL is what it is about.
const NOT_STORABLE = new RegExp("[\\u0000\\ud800-\\udfff]", "gu");

/**
 * Text as PostgreSQL can hold it: NUL and lone surrogates become U+FFFD.
 * Customers can send both, and one such character would fail the whole batch.
 */
export const storable = (text: string): string => text.replace(NOT_STORABLE, "\ufffd");

/** `storable` for every text inside a JSON value, keys included. */
export function storableJson<T extends Json>(value: T): T {
  if (typeof value === "string") return storable(value) as T;
  if (Array.isArray(value)) return value.map(storableJson) as T;
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [storable(key), storableJson(inner)])) as T;
}

/** NUL and halves of surrogate pairs, as JSON text escapes them; text decoded from UTF-8 holds no others. */
const SUSPICIOUS = /\\u(?:0000|d[89a-f])/i;

/** JSON text PostgreSQL accepts as jsonb; only suspicious text pays for a full look. */
export function storableText(value: unknown): string {
  const text = JSON.stringify(value);
  return SUSPICIOUS.test(text) ? JSON.stringify(storableJson(value as Json)) : text;
}

/** Reads JSON decoded from UTF-8 into a value PostgreSQL can hold. Throws when it is no JSON. */
export function readStorable(text: string): Json {
  const value = JSON.parse(text) as Json;
  return SUSPICIOUS.test(text) ? storableJson(value) : value;
}
