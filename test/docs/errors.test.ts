import { describe, expect, it } from "vitest";
import { files, read, rowsByCode } from "./pages.ts";

/** A problem in the code: its code, and its message when that is one plain sentence. */
const PROBLEM = /code: "([a-z]+(?:_[a-z]+)*)",\s*(?:field: "\w+",\s*)?message(?::\s*(?:"([^"]*)"|[^"\s]))?/g;

describe("the page of errors", () => {
  const page = rowsByCode(read("docs/errors.md"));
  const problems = files(".ts", "src").flatMap(({ text }) =>
    [...text.matchAll(PROBLEM)].map(([, code, message]) => ({ code: code!, message })),
  );

  it("sees the problems it guards", () => expect(problems.length).toBeGreaterThan(30));

  it("lists exactly the codes the program answers with", () => {
    const listed = [...page.keys()].filter((code) => !/-|^(invalid|unclear)$/.test(code));

    expect(listed.sort()).toEqual([...new Set(problems.map(({ code }) => code))].sort());
  });

  it("gives every plain message as the program says it", () => {
    const missing = problems.filter(({ code, message }) => message && !page.get(code)?.join(" ").includes(message));

    expect(missing).toEqual([]);
  });

  it("says for each of them what to do", () => {
    expect([...page].filter(([, cells]) => (cells.at(-1) ?? "") === "").map(([code]) => code)).toEqual([]);
  });

  it("explains every reason for which a message may be refused", () => {
    const reasons = /RefusalReason =([^;]*);/.exec(read("src/chat/channel.ts"))![1]!.match(/[a-z-]+/g)!;

    expect(reasons.filter((reason) => !page.has(reason))).toEqual([]);
  });

  it("has every error of WhatsApp that the channel knows, each in one row", () => {
    const table = /const groups[^=]*=([\s\S]*?)\n\];/.exec(read("src/chat/channels/whatsapp-cloud/errors.ts"))![1]!;
    const known = [...table.matchAll(/\b\d+(?=[,\]])/g)].map(([code]) => code);
    const rows = read("docs/chat.md")
      .split("\n")
      .filter((line) => /^\| \d/.test(line));
    const told = rows.flatMap((row) => row.split("|")[1]!.match(/\b\d+\b/g)!);

    expect(known.length).toBeGreaterThan(40);
    expect(
      known.filter((code) => told.filter((one) => one === code).length !== 1 && code !== "100" && code !== "33"),
    ).toEqual([]);
  });
});
