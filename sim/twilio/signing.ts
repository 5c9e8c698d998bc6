import { createHmac } from "node:crypto";

/** A form as it travels: a name may stand more than once. */
export type Form = Record<string, string | string[]>;

/**
 * `X-Twilio-Signature`: HMAC-SHA1 over the address as configured, followed by every name and value of the
 * form, names in byte order, repeated values sorted and each counted once.
 */
export function sign(authToken: string, url: string, form: Form = {}): string {
  const fields = Object.keys(form)
    .sort()
    .flatMap((name) => valuesOf(form[name]).map((value) => name + value));
  return createHmac("sha1", authToken)
    .update(url + fields.join(""), "utf8")
    .digest("base64");
}

/** A form as a body or query string; repeated names stay repeated. */
export function encodeForm(form: Form): string {
  const encoded = new URLSearchParams();
  for (const [name, value] of Object.entries(form)) {
    for (const one of [value].flat()) encoded.append(name, one);
  }
  return encoded.toString();
}

/** The opposite of `encodeForm`. */
export function decodeForm(body: string): Form {
  const form: Form = {};
  for (const [name, value] of new URLSearchParams(body)) {
    const known = form[name];
    form[name] = known === undefined ? value : [...[known].flat(), value];
  }
  return form;
}

const valuesOf = (value: string | string[] | undefined): string[] =>
  Array.isArray(value) ? [...new Set(value)].sort() : [value ?? ""];
