/** The door of the Twilio stand-in. */
export { createTwilio } from "./server.ts";
export type { Twilio, TwilioOptions } from "./server.ts";
export type { Phone } from "./phones.ts";
