const LONGEST_SPEECH = 1000;

/** Line ends, tabs and other controls part words; a listener hears them as a space. */
const GAPS = /[\p{Cc}\p{Z}]+/gu;
/** Halves of surrogate pairs and two code points that no XML document may hold. */
const NOT_XML = /[\p{Cs}\ufffe\uffff]/gu;

/**
 * The only way of a text into a document: at most 1000 characters, none of them able to spoil it.
 * An object would become elements of the document, so anything but a string is refused.
 */
export function speak(text: unknown): string {
  if (typeof text !== "string") throw new TypeError("Only text can be spoken.");
  return text.slice(0, LONGEST_SPEECH).replace(NOT_XML, "").replace(GAPS, " ").trim();
}
