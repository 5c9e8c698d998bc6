import type { Source } from "./call.ts";
import { RestProblem } from "./rest-problem.ts";
import type { Form } from "./signing.ts";
import type { Method } from "./webhook.ts";

/** The form of a REST request. */
export type Fields = Form;

/** The first value of a field; empty when there is none. */
export const textOf = (fields: Fields | null, name: string): string => [fields?.[name] ?? ""].flat()[0] ?? "";

/** Every value of a field that may be repeated. */
export const listOf = (fields: Fields | null, name: string): string[] =>
  [fields?.[name] ?? []]
    .flat()
    .flatMap((value) => value.split(/\s+/))
    .filter((value) => value !== "");

/** `GET` or `POST`; POST when not said. */
export function methodOf(fields: Fields | null, name: string): Method {
  const method = textOf(fields, name).toUpperCase() || "POST";
  if (method === "GET" || method === "POST") return method;
  throw new RestProblem(400, 21403, `${name} must be GET or POST`);
}

/** The document of a request: `Url`, or `Twiml` written out, of which `Url` counts more. */
export function sourceOf(fields: Fields | null): Source {
  const url = textOf(fields, "Url");
  const twiml = textOf(fields, "Twiml");
  if (url === "" && twiml !== "" && twiml.length <= 4000) return { kind: "written", twiml };
  if (!/^https?:\/\/[^/?#]/i.test(url)) throw new RestProblem(400, 21205, "Url is not a valid URL");
  return { kind: "address", url, method: methodOf(fields, "Method"), extra: {} };
}
