import { port, settingsPart, text, type SettingsOf } from "#config";
import { BlockList, isIP } from "node:net";
import { z } from "zod";

const LEVELS = ["fatal", "error", "warn", "info", "debug", "trace", "silent"] as const;

const optionalOrigin = (about: string) =>
  z
    .url({ protocol: /^https?$/, error: "must be an address that starts with http:// or https://" })
    .transform((value) => value.replace(/\/+$/, ""))
    .refine(
      (value) => new URL(value).origin === value.toLowerCase(),
      "must be an address without a path, such as https://hotline.example.com",
    )
    .optional()
    .describe(about);

const addresses = (about: string) =>
  z
    .string()
    .transform((value) => value.split(",").map((part) => part.trim()))
    .refine(
      (parts) => parts.every(isSubnet),
      "must be a comma-separated list of addresses or subnets, such as 10.0.0.0/8",
    )
    .optional()
    .describe(about);

/** What `.env` says about the server. */
export const httpSettings = settingsPart({
  title: "Web server",
  schema: z.object({
    PORT: port(3000, "The one port everything is served on; 0 takes any free one."),
    HOST: text("0.0.0.0", "The network interface to listen on."),
    PUBLIC_URL: optionalOrigin(
      "The address browsers and providers reach Detour at, without a path. Empty: http://localhost and PORT.",
    ),
    SIMULATOR_URL: optionalOrigin("Where the stand-ins of the simulator listen. Empty: there is no simulator page."),
    TRUSTED_PROXIES: addresses(
      "Addresses or subnets of your own proxies, comma-separated; only they may say who the client is.",
    ),
    LOG_LEVEL: z
      .enum(LEVELS, `must be one of ${LEVELS.join(", ")}`)
      .default("info")
      .describe("How much is logged; debug adds a line for every request."),
  }),
  contradiction: ({ PUBLIC_URL }) =>
    PUBLIC_URL?.startsWith("http:") && !isPrivate(new URL(PUBLIC_URL).hostname)
      ? `PUBLIC_URL is ${PUBLIC_URL}, but sign-in and webhooks over the internet need https. Put a proxy with a certificate in front and set PUBLIC_URL to its https:// address.`
      : null,
});

/** The values of this part of `.env`. */
export type HttpSettings = SettingsOf<typeof httpSettings>;

/** The address others reach us at. */
export const publicUrl = (settings: HttpSettings): string => settings.PUBLIC_URL ?? `http://localhost:${settings.PORT}`;

function isSubnet(text: string): boolean {
  const [address = "", bits, ...rest] = text.split("/");
  const version = isIP(address);
  if (version === 0 || rest.length > 0) return false;
  // A mask of no bits trusts the whole internet.
  return (
    bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) > 0 && Number(bits) <= (version === 4 ? 32 : 128))
  );
}

const PRIVATE = new BlockList();
for (const [network, bits] of [
  ["127.0.0.0", 8],
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["169.254.0.0", 16],
] as const)
  PRIVATE.addSubnet(network, bits, "ipv4");
for (const [network, bits] of [
  ["::1", 128],
  ["fc00::", 7],
  ["fe80::", 10],
] as const)
  PRIVATE.addSubnet(network, bits, "ipv6");

/** True for hosts that only this machine or its own network can mean. */
export function isPrivate(hostname: string): boolean {
  const bare = hostname.replace(/^\[|\]$/g, "");
  const version = isIP(bare);
  if (version !== 0) return PRIVATE.check(bare, version === 4 ? "ipv4" : "ipv6");
  return !bare.includes(".") || /\.(local|internal|test|localhost)$/.test(bare);
}
