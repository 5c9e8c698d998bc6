import { cleanFileName, disposition, isHarmless, nameFor, wantedPart } from "#media";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

describe("the part of a file that is asked for", () => {
  it.each([
    [undefined, "whole"],
    ["bytes=0-", { from: 0, to: 99 }],
    ["bytes=10-19", { from: 10, to: 19 }],
    ["bytes=90-500", { from: 90, to: 99 }],
    ["bytes=-5", { from: 95, to: 99 }],
    ["bytes=-500", { from: 0, to: 99 }],
    ["bytes=100-", "impossible"],
    ["bytes=5-4", "whole"],
    ["bytes=0-1,5-6", "whole"],
    ["bytes=-", "whole"],
    ["items=0-1", "whole"],
  ])("%s", (header, part) => expect(wantedPart(header, 100)).toEqual(part));

  it("always lies within the file", () => {
    fc.assert(
      fc.property(fc.string(), fc.nat(), fc.nat(), fc.nat(), (words, a, b, size) => {
        for (const header of [words, `bytes=${a}-${b}`, `bytes=-${a}`, `bytes=${a}-`]) {
          const part = wantedPart(header, size);
          if (typeof part === "object") expect(0 <= part.from && part.from <= part.to && part.to < size).toBe(true);
        }
      }),
    );
  });
});

describe("the name of a file", () => {
  it.each([
    ["../../etc/passwd", "passwd"],
    ["C:\\Users\\anna\\чек.pdf", "чек.pdf"],
    ["photo\u202egnp.exe", "photognp.exe"],
    ["a\0b\r\nc.txt", "abc.txt"],
    [".htaccess", "htaccess"],
    ["...", null],
    ["", null],
    [undefined, null],
  ])("%j is shown as %j", (name, shown) => expect(cleanFileName(name)).toBe(shown));

  it("keeps its ending when it is cut", () => {
    const cut = cleanFileName(`${"я".repeat(400)}.pdf`)!;

    expect([cut.length, cut.endsWith(".pdf")]).toEqual([120, true]);
  });

  it("cannot break out of a header, whatever it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (name) => {
        const header = disposition("attachment", cleanFileName(name));
        expect(header).toMatch(/^attachment(; filename="[ -!#-[\]-~]*"; filename\*=UTF-8''[A-Za-z0-9%._~!$&+^`|-]*)?$/);
      }),
    );
  });

  it("is made up when there is none", () => {
    expect([
      nameFor("voice", "audio/ogg; codecs=opus"),
      nameFor("image", "image/jpeg"),
      nameFor("file", "x/y.z+q"),
    ]).toEqual(["voice.ogg", "image.jpg", "file.bin"]);
  });
});

describe("what a page may show", () => {
  it.each(["image/jpeg", "image/png", "image/webp", "audio/ogg; codecs=opus", "video/mp4"])("%s", (type) =>
    expect(isHarmless(type)).toBe(true),
  );
  it.each([
    "image/svg+xml",
    "text/html",
    "application/pdf",
    "application/xml",
    "text/plain",
    "application/octet-stream",
  ])("never %s", (type) => expect(isHarmless(type)).toBe(false));
});
