/** The door of `ivr`: the inbound call, from the greeting to the goodbye. */
export { createIvr, type Ivr, type IvrDeps } from "./ivr.ts";
export { seedQueues } from "./seed.ts";
export { ivrSettings } from "./settings.ts";
export { textsToRecord } from "./texts/sentences.ts";
