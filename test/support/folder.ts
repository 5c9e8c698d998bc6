import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

let root: string | null = null;

/** A folder of its own that goes with the process. */
export function temporaryFolder(): string {
  if (root === null) {
    const folder = mkdtempSync(join(tmpdir(), "detour-test-"));
    process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
    root = folder;
  }
  return mkdtempSync(join(root, "of-"));
}
