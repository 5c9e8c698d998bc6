/** The door of the Twilio stand-in. */
export { createTwilio } from "./server.ts";
export type { Twilio, TwilioOptions } from "./server.ts";
export type { TwilioFaults } from "./faults.ts";
export type { OperatorPhones, Phone, Phones, PhoneState } from "./phones.ts";
export type { RingPlan } from "./life.ts";
export type { Message, MessagePlan } from "./messages.ts";
export type { EndedBy, Heard } from "./call.ts";
export type { NumberConfig } from "./world.ts";
