import { spawnSync } from "node:child_process";
import { prepare } from "./prepare.ts";

/** The whole gate. Green here is green. */
const STEPS: [name: string, command: string, ...args: string[]][] = [
  ["format", "oxfmt", "--check"],
  ["lint", "oxlint", "--type-aware", "--deny-warnings"],
  ["types", "tsc", "--noEmit", "-p", "tsconfig.json"],
  ["types of the web app", "tsc", "--noEmit", "-p", "web/tsconfig.json"],
  ["dead code", "knip"],
  ["tests", "node", "scripts/test.ts"],
];

prepare();
for (const [name, command, ...args] of STEPS) {
  process.stdout.write(`\n== ${name}\n`);
  const { status } = spawnSync(command, args, { stdio: "inherit" });
  if (status !== 0) {
    process.stdout.write(`\n${name}: not good yet\n`);
    process.exit(1);
  }
}
process.stdout.write("\nAll good.\n");
