import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const NOT_OURS = new Set(["node_modules", "dist", "data", ".git", "generated", "coverage"]);

/** A file of the repository as a reader finds it. */
export interface Source {
  /** From the root of the repository. */
  path: string;
  text: string;
}

/** The text of one file. */
export const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

/** Every file under these folders or with these names whose name ends so. */
export function files(ending: string, ...places: string[]): Source[] {
  return places.flatMap((place) =>
    pathsIn(join(ROOT, place))
      .filter((path) => path.endsWith(ending))
      .map((path) => ({ path: relative(ROOT, path), text: readFileSync(path, "utf8") })),
  );
}

function pathsIn(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => !NOT_OURS.has(name))
    .flatMap((entry) => (entry.isDirectory() ? pathsIn(join(folder, entry.name)) : [join(folder, entry.name)]));
}

/** The names of the folders in a folder. */
export const foldersIn = (folder: string): string[] =>
  readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

/** The rows of all tables of a page whose first cell is code, by that code; cells without their marks. */
export function rowsByCode(page: string): Map<string, string[]> {
  const rows = page
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .map((line) => line.split(/(?<!\\)\|/).slice(1, -1));
  return new Map(rows.map(([code, ...cells]) => [plain(code!), cells.map(plain)]));
}

const plain = (cell: string) => cell.trim().replace(/^`([^`]*)`$/, "$1");
