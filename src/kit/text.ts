/** Stands where a text must not be empty, and where something was left out. */
const NOTHING = "…";

const graphemes = new Intl.Segmenter();

/** At most `length` UTF-16 units, never half a character, with "…" where something was left out. */
export function cut(text: string, length: number): string {
  const whole = text.toWellFormed();
  if (whole.trim() === "") return NOTHING;
  if (whole.length <= length) return whole;
  let kept = "";
  for (const { segment } of graphemes.segment(whole.slice(0, length * 2))) {
    if (kept.length + segment.length > length - NOTHING.length) break;
    kept += segment;
  }
  return kept + NOTHING;
}
