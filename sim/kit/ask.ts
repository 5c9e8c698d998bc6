import { request, type Agent } from "node:http";
import { hours, seconds, type Clock } from "#kit";

interface Question {
  method: "GET" | "POST";
  headers?: Record<string, string | number>;
  body?: string;
}

/** How long a provider waits for the application. */
const PATIENCE = seconds(20);

/** Resolves with the application's answer, or null when none came. */
export function ask(
  { clock, agent }: { clock: Clock; agent: Agent },
  address: string,
  { method, headers = {}, body }: Question,
): Promise<{ status: number; text: string } | null> {
  return new Promise((resolve) => {
    const over = (answer: { status: number; text: string } | null) => {
      cancel();
      resolve(answer);
    };
    const going = request(address, { method, agent, headers }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        over({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString("utf8") }),
      );
      response.on("error", () => over(null));
    });
    const cancel = clock.after(PATIENCE, () => going.destroy());
    going.on("error", () => over(null));
    going.on("close", () => over(null));
    going.end(body);
  });
}

/** The path of an address, for the journal. */
export const pathOf = (address: string): string => new URL(address).pathname;

const LONGEST_PAUSE = hours(1);

/** How long a provider waits before it repeats: at once, then a second, and twice as long every time. */
export const pauseBefore = (attempt: number): number =>
  attempt === 1 ? 0 : Math.min(1000 * 2 ** (attempt - 2), LONGEST_PAUSE);
