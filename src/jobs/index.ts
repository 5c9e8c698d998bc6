/** The door of `jobs`: durable work, timers, and the loops that drive tables that are queues. */
export { openJobs, type Job, type Jobs } from "./jobs.ts";
export { processSettings } from "./settings.ts";
export { runPumps, type Pump, type RunningPumps } from "./pump.ts";
