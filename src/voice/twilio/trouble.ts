/** What went wrong with a request to Twilio. */
export type Trouble =
  /** Twilio answered and did not do it, or says it failed. */
  | { kind: "answered"; status: number; code: number | null; words: string }
  /** No connection came about, so nothing was asked. */
  | { kind: "not-connected"; code: string }
  /** The line broke or the time was over after we may have spoken. */
  | { kind: "unclear"; code: string };

const NOT_FOUND = 20404;
const CALL_NOT_IN_PROGRESS = 21220;

/** True when Twilio says that the call is not there or over. */
export const isGone = (trouble: Trouble): boolean =>
  trouble.kind === "answered" &&
  (trouble.status === 404 || trouble.code === NOT_FOUND || trouble.code === CALL_NOT_IN_PROGRESS);

const NEVER_CONNECTED = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH"]);

/** Reads anything the SDK throws. */
export function readTrouble(error: unknown): Trouble {
  const { status, code, message, isAxiosError } = (error ?? {}) as Record<string, unknown>;
  if (typeof status === "number" && isAxiosError !== true) {
    return { kind: "answered", status, code: typeof code === "number" ? code : null, words: String(message) };
  }
  const name = typeof code === "string" ? code : "unknown";
  return { kind: NEVER_CONNECTED.has(name) ? "not-connected" : "unclear", code: name };
}
