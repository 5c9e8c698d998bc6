import { createAddresses, PATHS } from "./addresses.ts";

/** What an administrator pastes into the voice configuration of the number, in Twilio's words. */
export function twilioAddresses(publicUrl: string): { what: string; url: string }[] {
  const { incoming, status } = createAddresses(publicUrl);
  return [
    { what: "Twilio, voice", url: incoming },
    { what: "Twilio, status", url: status },
    { what: "Twilio, fallback", url: `${publicUrl}${PATHS.fallback} (install this document as a TwiML Bin)` },
  ];
}

/** What the number of a working account still lacks. */
export function twilioRemarks({ voiceUrl, statusCallback, fallbackUrl }: Record<string, string>) {
  return [
    ...(voiceUrl === "missing" ? (["calls-go-nowhere"] as const) : []),
    ...(voiceUrl === "another" ? (["calls-go-elsewhere"] as const) : []),
    ...(statusCallback === "ours" ? [] : (["no-statuses"] as const)),
    ...(fallbackUrl === "missing" ? (["no-fallback"] as const) : []),
  ];
}
