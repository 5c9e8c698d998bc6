import { createHmac, timingSafeEqual } from "node:crypto";

const SIGNATURE = /^sha256=([0-9a-f]{64})$/;

/** True when the header signs exactly these bytes with one of the app secrets. Without a usable secret nothing is genuine. */
export function isSigned(rawBody: Buffer, header: string | string[] | undefined, appSecrets: string[]): boolean {
  const digest = typeof header === "string" ? SIGNATURE.exec(header)?.[1] : undefined;
  if (digest === undefined) return false;
  const given = Buffer.from(digest, "hex");
  return appSecrets.some((secret) => secret !== "" && timingSafeEqual(given, sign(rawBody, secret)));
}

const sign = (rawBody: Buffer, secret: string) => createHmac("sha256", secret).update(rawBody).digest();
