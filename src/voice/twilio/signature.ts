import { validateRequest } from "twilio/lib/webhooks/webhooks.js";
import type { Form } from "./form.ts";

export interface SignedRequest {
  /** As configured at Twilio: the public address, path and query in their very characters. Never from headers. */
  url: string;
  signature: string | string[] | undefined;
  form: Form;
}

/**
 * True when one of the tokens signed exactly this request. Two tokens are accepted while one replaces the
 * other; without a usable token nothing is genuine. Never throws.
 *
 * What is signed has no separators, so a genuine signature also fits other spellings of the same characters:
 * believe the form only after its schema (requests.ts).
 */
export function isGenuine({ url, signature, form }: SignedRequest, authTokens: (string | undefined)[]): boolean {
  if (typeof signature !== "string" || signature === "") return false;
  return authTokens.some((token) => token !== undefined && token !== "" && fits(token, signature, url, form));
}

function fits(token: string, signature: string, url: string, form: Form): boolean {
  try {
    return validateRequest(token, signature, url, form);
  } catch {
    return false;
  }
}
