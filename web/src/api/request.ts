/** The server's refusal, or `network` when it did not answer at all. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const CODES: Record<number, string> = { 401: "not_signed_in", 403: "not_allowed", 429: "too_many_requests" };

async function toProblem(response: Response): Promise<Problem> {
  const body: unknown = await response.json().catch(() => null);
  const { code, message } = (body ?? {}) as { code?: unknown; message?: unknown };
  return new Problem(
    response.status,
    typeof code === "string" ? code : (CODES[response.status] ?? "unknown"),
    typeof message === "string" ? message : "",
  );
}

async function ask<T>(path: string, init: RequestInit): Promise<T> {
  const response = await fetch(path, { credentials: "same-origin", ...init }).catch(() => {
    throw new Problem(0, "network", "");
  });
  if (!response.ok) throw await toProblem(response);
  const text = await response.text();
  return (text === "" ? undefined : JSON.parse(text)) as T;
}

/** Reads. Rejects with a `Problem` when the server refuses or is silent. */
export const get = <T>(path: string): Promise<T> => ask<T>(path, { headers: { accept: "application/json" } });

/** Sends a form with a file. */
export const send = <T>(path: string, form: FormData): Promise<T> =>
  ask<T>(path, { method: "POST", headers: { accept: "application/json", "x-detour": "1" }, body: form });

/** Changes something. The header is what a foreign page cannot set: it keeps forged requests out. */
export const change = <T>(method: "POST" | "PUT" | "DELETE", path: string, body: object = {}): Promise<T> =>
  ask<T>(path, {
    method,
    headers: { "content-type": "application/json", accept: "application/json", "x-detour": "1" },
    body: JSON.stringify(body),
  });
