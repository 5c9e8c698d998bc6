import { existsSync } from "node:fs";
import { StartError } from "#kit";
import { prepare } from "./prepare.ts";

/** `npm run doctor`: tries every provider, the database, the clock and the public address; exits with 1 when something is wrong. */
prepare();
if (existsSync(".env")) process.loadEnvFile(".env");
const { examineDetour } = await import("../src/examination.ts");
const { isHealthy, printed, terminalLocale } = await import("#doctor");

try {
  const report = await examineDetour(process.env);
  process.stdout.write(printed(report, terminalLocale(process.env)));
  process.exitCode = isHealthy(report) ? 0 : 1;
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  process.stdout.write(`✗ ${error.message}\n`);
  process.exitCode = 1;
}
