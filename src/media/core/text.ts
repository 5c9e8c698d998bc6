const MARKUP: [RegExp, string][] = [
  [/<svg[\s>/]/i, "image/svg+xml"],
  [/<(?:!doctype\s+html|html|head|body|script|iframe|meta|style|title|a|img|div|table)[\s>/]/i, "text/html"],
  [/^\s*<(?:\?xml|[a-z])/i, "application/xml"],
];

/**
 * What a file without a signature is, by its first bytes: text, or markup that a browser would run, or unknown.
 * Pure. `isWhole` when nothing follows these bytes, so that the end is not half a character.
 */
export function textTypeOf(head: Uint8Array, isWhole: boolean): string | null {
  const text = decode(head, isWhole);
  // oxlint-disable-next-line no-control-regex
  if (text === null || /[\0-\x08\x0e-\x1a\x1c-\x1f]/.test(text)) return null;
  return MARKUP.find(([pattern]) => pattern.test(text))?.[1] ?? "text/plain";
}

function decode(bytes: Uint8Array, isWhole: boolean): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: !isWhole });
  } catch {
    return null;
  }
}
