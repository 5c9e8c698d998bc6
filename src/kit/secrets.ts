import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** Compares in time that does not depend on the contents. An empty secret never equals anything. */
export function sameSecret(given: string, expected: string): boolean {
  if (expected === "" || given === "") return false;
  return timingSafeEqual(sha256(given), sha256(expected));
}

/** An unguessable URL-safe token of `bytes` random bytes. */
export const newToken = (bytes = 24): string => randomBytes(bytes).toString("base64url");

/** What is stored instead of a token, so that a stolen table opens no door. */
export const hashToken = (token: string): string => sha256(token).toString("hex");

const sha256 = (text: string) => createHash("sha256").update(text).digest();
