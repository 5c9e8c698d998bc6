/** A refusal in Twilio's words. */
export class RestProblem extends Error {
  override readonly name = "RestProblem";
  readonly status: number;
  readonly code: number;

  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }

  /** The body as Twilio sends it. */
  get body() {
    return {
      code: this.code,
      message: this.message,
      more_info: `https://www.twilio.com/docs/errors/${this.code}`,
      status: this.status,
    };
  }
}

export const notFound = (path: string) =>
  new RestProblem(404, 20404, `The requested resource ${path.split("?")[0]} was not found`);

/** Twilio's answers when it is not well, by status. */
export const outage = {
  429: () => new RestProblem(429, 20429, "Too Many Requests"),
  500: () => new RestProblem(500, 20500, "An internal server error has occurred"),
  503: () => new RestProblem(503, 20503, "Service Unavailable"),
} as const;
