/** The door of `watch`: what those who run Detour see of it. */
export { createMetrics } from "./metrics.ts";
export { watchSettings } from "./settings.ts";
export { openWatch } from "./watch.ts";
