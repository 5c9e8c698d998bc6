/** The door of `watch`: what those who run Detour see of it. */
export { createMetrics, type Metrics } from "./metrics.ts";
export { watchSettings, type WatchSettings } from "./settings.ts";
