import { storableJson, type Json } from "#kit";

/** NUL and halves of surrogate pairs, as `JSON.stringify` writes them. */
const SUSPICIOUS = /\\u(?:0000|d[89a-f])/i;

/** JSON text PostgreSQL accepts as jsonb; only suspicious text pays for a full look. */
export function storableText(value: unknown): string {
  const text = JSON.stringify(value);
  return SUSPICIOUS.test(text) ? JSON.stringify(storableJson(value as Json)) : text;
}
