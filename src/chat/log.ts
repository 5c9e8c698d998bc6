/** Where the chat writes what happened: ids and kinds only. */
export interface Log {
  warn(fields: object, words: string): void;
  error(fields: object, words: string): void;
}

/** An error as logs may hold it: its message may quote values and addresses, so only its name and code. */
export const kindOf = (error: unknown): string =>
  error instanceof Error ? `${error.name} ${(error as { code?: string }).code ?? ""}`.trim() : typeof error;
