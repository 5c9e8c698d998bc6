import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";

/** Runs in a process of its own: prints every file that importing the bot loads. */
const LISTING = `
  import { registerHooks } from "node:module";
  const loaded = new Set();
  registerHooks({ resolve(name, context, next) { const found = next(name, context); loaded.add(found.url); return found; } });
  await import(process.argv[1]);
  console.log(JSON.stringify([...loaded]));
`;

const loadedBy = (door: string): string[] =>
  JSON.parse(
    execFileSync(process.execPath, ["--input-type=module", "-e", LISTING, door], { encoding: "utf8" }),
  ) as string[];

describe("importing the bot", () => {
  it("loads the stemmers of natural and neither its databases nor dotenv", () => {
    const loaded = loadedBy(new URL("../../src/bot/index.ts", import.meta.url).href);

    expect(loaded.some((url) => url.includes("natural/lib/natural/stemmers/porter_stemmer_ru.js"))).toBe(true);
    expect(
      loaded.filter((url) => /node_modules\/(mongoose|mongodb|redis|@redis|ioredis|memjs|dotenv)\//.test(url)),
    ).toEqual([]);
    expect(loaded.filter((url) => url.endsWith("natural/lib/natural/index.js"))).toEqual([]);
  }, 20_000);
});
