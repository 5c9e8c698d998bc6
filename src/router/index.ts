/** The door of `router`: may this caller leave the queue for a messenger? */
export { createRouter, type Router, type RouterDeps } from "./router.ts";
export { routerSettings } from "./settings.ts";
export type { Deflection, DeflectionEvent, KeepReason, Mode, OweReason } from "./core/deflection.ts";
export { callingSchedule, queueRules, readRules, scheduleOf } from "./rules.ts";
export type { CallTime } from "#chat";
export type { Callbacks } from "./callbacks.ts";
export type { Promised } from "./core/promise.ts";
export type { CallerKind, NoOffer, OfferDecision } from "./core/offer.ts";
export type { WaitEstimate } from "./core/ewt.ts";
export type { Acceptance, Caller, CallbackWish, Offerable, Refusal } from "./caller.ts";
