import { createHash } from "node:crypto";
import { readFileSync, readdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { hours, instant, systemClock } from "#kit";
import { openSpool } from "#media";
import { describe, expect, it } from "vitest";
import { temporaryFolder } from "../support/folder.ts";
import { photo, receipt, voice } from "../support/samples.ts";

const LARGE = { most: 1024 * 1024, fileName: null };

async function openOne() {
  const folder = temporaryFolder();
  return { folder, spool: await openSpool(folder, systemClock) };
}

describe("taking a file in", () => {
  it("counts it, hashes it and finds out what it is", async () => {
    const { spool } = await openOne();
    const came = await spool.take(Readable.from([photo]), LARGE);
    if (came.kind !== "whole") throw new Error(came.kind);

    const sha256 = createHash("sha256").update(photo).digest("hex");
    expect(came.file).toMatchObject({ size: photo.length, sha256, type: "image/jpeg" });
    expect(readFileSync(came.file.path)).toEqual(photo);
  });

  it("stops as soon as it is too large, and leaves nothing behind", async () => {
    const { folder, spool } = await openOne();
    let given = 0;
    const endless = Readable.from(
      (function* () {
        for (;;) {
          given += 1024;
          yield Buffer.alloc(1024);
        }
      })(),
    );

    expect(await spool.take(endless, { most: 10_000, fileName: null })).toEqual({ kind: "too-large" });
    expect(given).toBeLessThan(1024 * 1024);
    expect(readdirSync(folder)).toEqual([]);
  });

  it("says that the stream broke, and leaves nothing behind", async () => {
    const { folder, spool } = await openOne();
    const broken = new Readable({
      read() {
        this.push("half");
        this.destroy(Object.assign(new Error("gone"), { code: "ECONNRESET" }));
      },
    });

    expect(await spool.take(broken, LARGE)).toEqual({ kind: "broken", words: "ECONNRESET" });
    expect(readdirSync(folder)).toEqual([]);
  });

  it("sweeps away at the start what a killed process left long ago, and nothing newer", async () => {
    const { folder } = await openOne();
    for (const name of ["old", "new"]) writeFileSync(join(folder, name), name);
    const long = instant(Date.now() - hours(7)) / 1000;
    utimesSync(join(folder, "old"), long, long);
    await openSpool(folder, systemClock);

    expect(readdirSync(folder)).toEqual(["new"]);
  });

  it("stops the start with a sentence when it can write nowhere", async () => {
    const { folder } = await openOne();
    writeFileSync(join(folder, "in the way"), "");

    await expect(openSpool(join(folder, "in the way", "media"), systemClock)).rejects.toThrow(
      /^DATA_DIR: no file can be kept in /,
    );
  });
});

const OLD_OFFICE = Buffer.concat([Buffer.from("d0cf11e0a1b11ae1", "hex"), Buffer.alloc(1024)]);
const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';

describe("what a file is", () => {
  it.each<[string, Buffer | string, string | null, string]>([
    ["a JPEG", photo, "harmless.html", "image/jpeg"],
    ["a voice note", voice, null, "audio/ogg; codecs=opus"],
    ["a PDF", receipt, "picture.jpg", "application/pdf"],
    ["plain text", "Заказ 48213\nспасибо", "note.txt", "text/plain"],
    ["text cut within a letter at the end of the first look", "я".repeat(40_000), null, "text/plain"],
    ["a page", "<!DOCTYPE html><html><body>hi", "photo.jpg", "text/html"],
    ["a page after words", "hello <script>alert(1)</script>", "photo.jpg", "text/html"],
    ["a drawing", svg, "photo.png", "image/svg+xml"],
    ["a drawing after a declaration", `<?xml version="1.0"?>\n${svg}`, "photo.png", "image/svg+xml"],
    ["other XML", '<?xml version="1.0"?><order/>', null, "application/xml"],
    ["an old Word file, told apart by its name", OLD_OFFICE, "Договор.DOC", "application/msword"],
    ["an old Office file without a telling name", OLD_OFFICE, null, "application/x-cfb"],
    ["bytes nobody knows", Buffer.from([0, 1, 2, 3, 255]), "picture.png", "application/octet-stream"],
    ["nothing", "", "picture.png", "text/plain"],
  ])("is found in its content: %s", async (_what, content, fileName, type) => {
    const { spool } = await openOne();
    const came = await spool.take(Readable.from([Buffer.from(content)]), { ...LARGE, fileName });

    expect(came).toMatchObject({ kind: "whole", file: { type } });
  });
});
