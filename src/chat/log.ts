/** Where the chat writes what happened: ids and kinds only. */
export interface Log {
  warn(fields: object, words: string): void;
  error(fields: object, words: string): void;
}
