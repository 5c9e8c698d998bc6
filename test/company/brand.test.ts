import { describe, expect, it } from "vitest";
import { languageOfCall, nameOf, queueFor, type Line } from "../../src/company/core/brand.ts";
import { brandWith } from "../support/brands.ts";

const lines: Line[] = [
  { code: "toys-ru", brand: "toys", locale: "ru" },
  { code: "toys-kk", brand: "toys", locale: "kk" },
  { code: "books", brand: "books", locale: "en" },
];
const [toysRu, toysKk, books] = lines as [Line, Line, Line];

describe("the language of a call", () => {
  it("is that of the dialled line for a caller nobody knows", () => {
    expect(languageOfCall(toysKk, null, lines)).toBe("kk");
  });

  it("is that of the dialled line when the brand has one in the caller's language: dialling this one is a choice", () => {
    expect(languageOfCall(toysKk, "ru", lines)).toBe("kk");
    expect(languageOfCall(toysRu, "kk", lines)).toBe("ru");
    expect(languageOfCall(toysRu, "ru", lines)).toBe("ru");
  });

  it("is the caller's own when the brand left no choice", () => {
    expect(languageOfCall(books, "kk", lines)).toBe("kk");
    expect(languageOfCall(toysRu, "en", lines)).toBe("en");
  });
});

describe("the queue of a brand", () => {
  it("is the one of the language, else the brand's first, else none", () => {
    expect(queueFor("toys", "kk", lines)).toBe("toys-kk");
    expect(queueFor("toys", "en", lines)).toBe("toys-ru");
    expect(queueFor("cars", "en", lines)).toBeNull();
  });
});

describe("the name of a brand", () => {
  it("is told in the language asked for, else in the brand's own", () => {
    const brand = brandWith({ name: { ru: "Кубик", kk: "Текше" }, locale: "ru" });

    expect([nameOf(brand, "kk"), nameOf(brand, "en")]).toEqual(["Текше", "Кубик"]);
  });
});
