/** An answer that refuses a call, in Telegram's form. */
export interface Refusal {
  ok: false;
  error_code: number;
  description: string;
  parameters?: { retry_after: number };
}

const refusal = (error_code: number, description: string): Refusal => ({ ok: false, error_code, description });

export const badRequest = (words: string): Refusal => refusal(400, `Bad Request: ${words}`);
export const forbidden = (words: string): Refusal => refusal(403, `Forbidden: ${words}`);
export const conflict = (words: string): Refusal => refusal(409, `Conflict: ${words}`);
export const unauthorized = (): Refusal => refusal(401, "Unauthorized");
export const notFound = (): Refusal => refusal(404, "Not Found");

/** Too fast: the caller has to wait for whole seconds. */
export const tooMany = (seconds: number): Refusal => ({
  ...refusal(429, `Too Many Requests: retry after ${seconds}`),
  parameters: { retry_after: seconds },
});

/** Tells a refusal from whatever else a step may return. */
export const isRefusal = (result: unknown): result is Refusal =>
  typeof result === "object" && result !== null && "error_code" in result;
