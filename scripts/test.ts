import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spawnSync } from "node:child_process";
import { prepare } from "./prepare.ts";

/** The whole suite, browser tests included. Ends with one plain line, `N passed, N failed`. */
prepare();
const report = join(mkdtempSync(join(tmpdir(), "detour-report-")), "report.json");
const args = ["run", "--reporter=default", "--reporter=json", `--outputFile.json=${report}`, ...process.argv.slice(2)];
const { status } = spawnSync("vitest", args, { stdio: "inherit", shell: false });

const { numPassedTests, numFailedTests, numPendingTests, numFailedTestSuites } = JSON.parse(
  readFileSync(report, "utf8"),
);
const failed = numFailedTests || (numFailedTestSuites ? 1 : 0);
const skipped = numPendingTests ? `, ${numPendingTests} skipped` : "";
process.stdout.write(`${numPassedTests} passed, ${failed} failed${skipped}\n`);
process.exitCode = status === 0 && numPassedTests > 0 ? 0 : 1;
