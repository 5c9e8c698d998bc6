/** The door of `analytics`: counts what the others recorded. Nobody calls it. */
export { analyticsRoutes } from "./routes.ts";
