import type { DatabaseFacts } from "#db";
import { describe, expect, it } from "vitest";
import type { Finding } from "../../src/doctor/core/finding.ts";
import { judgeDatabase, judgeDisk, judgeNode, judgeReach } from "../../src/doctor/core/judge.ts";
import { terminalLocale } from "#doctor";
import { doctorTexts } from "../../src/doctor/texts/texts.ts";

const GIB = 1024 ** 3;
const read = ({ state, say }: Finding) => `${state}: ${say(doctorTexts("en"))}`;

const good: DatabaseFacts = {
  version: "16.2",
  major: 16,
  unsafe: [],
  missing: [],
  sizeBytes: 12 * 1024 ** 2,
  freeBytes: 40 * GIB,
  aheadMs: 0,
};

describe("the judgement of what the doctor found", () => {
  it("knows versions that are too old", () => {
    expect(read(judgeNode("22.14.0"))).toBe(
      "wrong: This is Node 22.14.0, and 24 is needed. Start with npm, which brings it, or install Node 24.",
    );
    expect(read(judgeDatabase({ ...good, version: "14.11", major: 14 })[0]!)).toBe(
      "wrong: PostgreSQL 14.11 is too old. Use 15 or newer.",
    );
    expect(judgeDatabase(good).map(read)).toEqual([
      "well: PostgreSQL 16.2 with 12 MiB of data keeps what it confirms.",
      "well: 40.0 GiB are free where the data lies.",
    ]);
  });

  it.each([
    [0.4 * GIB, /^wrong: Only 0\.4 GiB .*nothing is taken any more/],
    [3 * GIB, /^warning: Only 3\.0 GiB .*Make room before/],
    [5 * GIB, /^well: 5\.0 GiB/],
    [null, /^well: .*cannot be seen from here/],
  ])("thinks of the disk with %s bytes free", (free, sentence) => {
    expect(read(judgeDisk(free))).toMatch(sentence);
  });

  it("sees a certificate's end come near", () => {
    const now = Date.UTC(2026, 10, 20);
    const alive = (days: number) => ({ kind: "alive" as const, certificateUntil: now + days * 86_400_000 });

    expect(read(judgeReach("https://h.example", 3000, alive(13), now))).toMatch(/^warning: .* ends in 13 days/);
    expect(read(judgeReach("https://h.example", 3000, alive(60), now))).toBe("well: https://h.example leads here.");
  });

  it.each([
    [{ LANG: "ru_RU.UTF-8" }, "ru"],
    [{ LANG: "en_US.UTF-8" }, "en"],
    [{ LANG: "ru_RU.UTF-8", LC_ALL: "C" }, "en"],
    [{ LC_MESSAGES: "ru" }, "ru"],
    [{ LC_ALL: "", LANG: "ru" }, "ru"],
    [{}, "en"],
  ])("speaks the language of %j", (env, locale) => {
    expect(terminalLocale(env)).toBe(locale);
  });
});
