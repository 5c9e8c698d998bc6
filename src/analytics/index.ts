/** The door of `analytics`: counts what the others recorded. */
export { COUNTED_STAGES, createFunnelCounter, type CountedStage, type StageCount } from "./counter.ts";
export { analyticsRoutes } from "./routes.ts";
