import { registerHooks } from "node:module";
import { eventually } from "../support/eventually.ts";

/**
 * Starts the product with the environment it is given, and prints which packages its main thread has loaded and how many
 * threads it runs.
 */
const loaded = new Set<string>();
registerHooks({
  resolve(specifier, context, next) {
    loaded.add(specifier);
    return next(specifier, context);
  },
});

const { startDetour } = await import("../../src/main.ts");
const detour = await startDetour(process.env);
const threads = () => (process.report.getReport() as unknown as { workers: unknown[] }).workers.length;
if (process.argv[2] === "with a thread") await eventually("a thread runs", () => threads() > 0);
if (process.argv[2] === "until the thread is over") {
  await eventually("a thread runs", () => threads() > 0);
  await eventually("it is over", () => threads() === 0);
}
const library = [...loaded].some((name) => name.includes("@whiskeysockets"));
process.stdout.write(`${JSON.stringify({ library, threads: threads(), packages: loaded.has("fastify") })}\n`);
await detour.stop();
process.exit(0);
