/** What a person reads when something cannot be done: a stable code and a sentence that says what to do next. */
export interface Problem {
  code: string;
  message: string;
}

/** Stops the start: names the setting and how to mend it. Shown as one line, without a stack. */
export class StartError extends Error {
  override readonly name = "StartError";
}

/** The message of anything that was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
