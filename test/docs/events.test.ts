import { describe, expect, it } from "vitest";
import { files, read, rowsByCode } from "./pages.ts";

const KIND = "[a-z]+(?:-[a-z]+)*\\.[a-z]+(?:-[a-z]+)*";
const RECEIPTS = ["sent", "delivered", "read", "failed"];

const nounOf = (kind: string) => kind.split(".")[0]!;
const found = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1]!);

/** What the program may write into the log: every text that reads `noun.past` and names no job and no event of a library, by nouns events have. */
function kindsIn(code: string, known: string[]): string[] {
  const nouns = new Set([...known, ...found(code, new RegExp(`kind: "(${KIND})"`, "g"))].map(nounOf));
  const jobs = new Set(found(code, new RegExp(`name: "(${KIND})"`, "g")));
  /** What libraries call their own events. */
  const heard = new Set(found(code, new RegExp(`\\.on\\("(${KIND})"`, "g")));
  const spelt = found(code, new RegExp(`"(${KIND})"`, "g")).filter(
    (kind) => nouns.has(nounOf(kind)) && !jobs.has(kind) && !heard.has(kind),
  );
  const made = found(code, /`([a-z-]+)\.\$\{event\.status\}`/g).flatMap((noun) =>
    RECEIPTS.map((word) => `${noun}.${word}`),
  );
  return [...new Set([...spelt, ...made])].sort();
}

describe("the page of events", () => {
  const page = rowsByCode(read("docs/events.md"));
  const code = files(".ts", "src")
    .map(({ text }) => text)
    .join("\n");

  it("lists exactly the kinds the program writes", () => {
    expect([...page.keys()].sort()).toEqual(kindsIn(code, [...page.keys()]));
  });

  it("says when each of them is written", () => {
    expect([...page].filter(([, cells]) => (cells[1] ?? "") === "")).toEqual([]);
  });

  it("knows every kind that analytics counts by", () => {
    const counted = found(read("src/analytics/sql.ts"), new RegExp(`'(${KIND})'`, "g"));

    expect(counted.length).toBeGreaterThan(10);
    expect(counted.filter((kind) => !page.has(kind))).toEqual([]);
  });
});
