/** The door of `outbound`: calls we make to customers. */
export { callingRules, firstOpening } from "./calling.ts";
export { earlierOf, toRing, type InLine } from "./core/next-in-line.ts";
export type { Desk, DueCallback, Obstacle } from "./desk.ts";
export { isStale, type Lines } from "./lines.ts";
export { createOutbound, type Outbound, type OutboundDeps } from "./outbound.ts";
export { outboundSettings } from "./settings.ts";
