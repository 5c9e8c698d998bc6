/** Reads an event's data without believing that a field is there. */
export interface Facts {
  number(key: string): number | null;
  text(key: string): string | null;
  flag(key: string): boolean | null;
}

/** Wraps the data of one log entry for the catalogue. */
export const factsOf = (data: Record<string, unknown>): Facts => ({
  number: (key) => (typeof data[key] === "number" ? data[key] : null),
  text: (key) => (typeof data[key] === "string" && data[key] !== "" ? data[key] : null),
  flag: (key) => (typeof data[key] === "boolean" ? data[key] : null),
});

/** A step of the log in words. */
export interface StepWords {
  title: string;
  detail: string | null;
}

/** Joins the sentences whose facts were there; null when none was. */
export function sentences(...parts: (string | null | false)[]): string | null {
  const said = parts.filter((part) => part !== null && part !== false);
  return said.length > 0 ? said.join(" ") : null;
}

/** Words for a code; the code itself when nobody has given it words yet. */
export const wordsFor = (known: Record<string, string>, code: string | null): string | null =>
  code === null ? null : (known[code] ?? code);
