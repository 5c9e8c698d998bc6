/** An answer that refuses a request, in Meta's form. */
export interface Refusal {
  status: number;
  body: {
    error: {
      message: string;
      type: "OAuthException";
      code: number;
      error_subcode?: number;
      error_data: { messaging_product: "whatsapp"; details: string };
      fbtrace_id: string;
    };
  };
}

const titles: Record<number, string> = {
  4: "Application request limit reached",
  33: "Parameter value is not valid",
  100: "Invalid parameter",
  190: "Error validating access token",
  130429: "Rate limit hit",
  131000: "Something went wrong",
  131009: "Parameter value is not valid",
  131016: "Service unavailable",
  131026: "Message undeliverable",
  131047: "Re-engagement message",
  131048: "Spam rate limit hit",
  131051: "Message type unknown",
  131056: "(Business Account, Consumer Account) pair rate limit hit",
  132000: "Number of parameters does not match the expected number of params",
  132001: "Template name does not exist in the translation",
  132015: "Template is paused",
  132016: "Template is disabled",
  132018: "There is an issue with the parameters in your template",
};

const statuses: Record<number, number> = { 190: 401, 130429: 429, 131000: 500, 131016: 503, 132001: 404 };

/** The title Meta gives to a code. */
export const titleOf = (code: number): string => titles[code] ?? "An error occurred";

/** A refusal with Meta's title for the code and our own details. */
export function refusal(code: number, details: string, options: { status?: number; subcode?: number } = {}): Refusal {
  return {
    status: options.status ?? statuses[code] ?? 400,
    body: {
      error: {
        message: `(#${code}) ${titleOf(code)}`,
        type: "OAuthException",
        code,
        ...(options.subcode === undefined ? {} : { error_subcode: options.subcode }),
        error_data: { messaging_product: "whatsapp", details },
        fbtrace_id: "AbCdEfGhIjKlMnOp",
      },
    },
  };
}

/** Tells a refusal from whatever else a step may return. */
export const isRefusal = (result: object): result is Refusal => "status" in result && typeof result.status === "number";

/** The answer Meta gives for an id that does not exist or belongs to somebody else. */
export const unknownObject = (id: string): Refusal =>
  refusal(100, `Object with ID '${id}' does not exist or cannot be loaded due to missing permissions.`, {
    subcode: 33,
  });
