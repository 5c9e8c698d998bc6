/** What one question about one number brought, whatever the library made of it. */
export type Outcome =
  | "registered"
  /** Not registered, or an account that is no longer told the truth: the two look alike. */
  | "empty"
  /** No answer in time. */
  | "silent"
  /** The line broke or the server refused. */
  | "failed"
  /** The server asks to be left alone. */
  | "limited";

/** How the library's question ended. */
export type Settled = { kind: "value"; value: unknown } | { kind: "error"; error: unknown } | { kind: "timeout" };

const TOO_MANY = 429;

/**
 * Reads the library's answer about one number. It leaves out who is not registered, resolves with nothing after its own
 * time limit, and rejects with an error, or with the bare close code of the WebSocket.
 */
export function readAnswer(settled: Settled): Outcome {
  if (settled.kind === "timeout") return "silent";
  if (settled.kind === "error") return codeOf(settled.error) === TOO_MANY ? "limited" : "failed";
  if (!Array.isArray(settled.value)) return "silent";
  return settled.value.some(isPresent) ? "registered" : "empty";
}

const isPresent = (one: unknown) => typeof one === "object" && one !== null && "exists" in one && one.exists === true;

const codeOf = (error: unknown) =>
  typeof error === "object" && error !== null && "data" in error ? error.data : undefined;
