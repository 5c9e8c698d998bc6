import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { files, foldersIn, read } from "./pages.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const LINK = /\[[^\]]*\]\(([^)\s]+)\)/g;

const withoutCode = (text: string) => text.replace(/^```[\s\S]*?^```/gm, "").replace(/`[^`\n]*`/g, "");

/** A heading's anchor as the usual viewers make it. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, "")
    .trim()
    .replace(/\s/g, "-");

const anchorsIn = (text: string) => [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading]) => anchorOf(heading!));

function brokenIn({ path, text }: { path: string; text: string }): string[] {
  const links = [...withoutCode(text).matchAll(LINK)].map(([, link]) => link!).filter((link) => !/^[a-z]+:/.test(link));
  return links.flatMap((link) => {
    const [file = "", anchor] = link.split("#");
    const target = file === "" ? path : join(dirname(path), file);
    if (!existsSync(join(ROOT, target))) return [`${path} links to ${link}, which is not there.`];
    if (anchor === undefined || !target.endsWith(".md") || anchorsIn(read(target)).includes(anchor)) return [];
    return [`${path} links to ${link}, but there is no such heading.`];
  });
}

describe("the documentation", () => {
  const pages = files(".md", ".");

  it("has no broken link between its pages", () => {
    expect(pages.length).toBeGreaterThan(20);
    expect(pages.flatMap(brokenIn)).toEqual([]);
  });

  it("has a page for every room, the stand-ins and the web", () => {
    const rooms = [...foldersIn("src"), "sim", "web"];

    expect(rooms.filter((room) => !existsSync(join(ROOT, `docs/${room}.md`)))).toEqual([]);
  });

  it("is listed in its index, every page of it", () => {
    const index = read("docs/README.md");
    const names = files(".md", "docs").map(({ path }) => path.replace("docs/", ""));
    const single = names.filter((name) => !name.includes("/") && name !== "README.md");

    expect(single.filter((name) => !index.includes(`(${name})`))).toEqual([]);
  });

  it("has every page that the code sends its readers to", () => {
    const code = [...files(".ts", "src", "sim", "test", "web", "bench"), ...files(".sql", "prisma")];
    const sent = code.flatMap(({ path, text }) =>
      [...text.matchAll(/docs\/[a-z0-9/-]+\.md/g)].map(([page]) => ({ path, page })),
    );

    expect(sent.filter(({ page }) => !existsSync(join(ROOT, page)))).toEqual([]);
  });

  it("names every table of the database on the page that tells whose it is", () => {
    const tables = files(".sql", "prisma").flatMap(({ text }) =>
      [...text.matchAll(/^create table (\w+)/gm)].map(([, name]) => name!),
    );

    expect(tables.filter((table) => !read("docs/db.md").includes(`\`${table}\``))).toEqual([]);
  });
});
