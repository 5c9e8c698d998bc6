import { describe, expect, it } from "vitest";
import {
  counted,
  minutesAndSeconds,
  ordinal,
  phoneInGroups,
  plural,
  span,
  waitingTime,
} from "../../web/src/i18n/format.ts";

describe("numbers with words", () => {
  const answers = { one: "ответ", few: "ответа", many: "ответов" };

  it.each([
    [1, "ответ"],
    [2, "ответа"],
    [5, "ответов"],
    [11, "ответов"],
    [21, "ответ"],
  ])("take the Russian form for %i", (count, form) => {
    expect(plural("ru", count, answers)).toBe(form);
  });

  it.each([
    [1, "1 answer"],
    [2, "2 answers"],
    [5, "5 answers"],
    [11, "11 answers"],
    [21, "21 answers"],
  ])("take the English form for %i", (count, words) => {
    expect(counted("en", count, { one: "answer", other: "answers" })).toBe(words);
  });

  it.each([
    [1, "1st"],
    [2, "2nd"],
    [3, "3rd"],
    [7, "7th"],
    [11, "11th"],
    [22, "22nd"],
  ])("name place %i in English", (place, words) => {
    expect(ordinal("en", place)).toBe(words);
  });

  it("name a place in Russian", () => {
    expect(ordinal("ru", 7)).toBe("7-й");
  });
});

describe("lengths of time", () => {
  it("take the unit that fits", () => {
    expect(span("en", 12)).toBe("12 ms");
    expect(span("en", 1800)).toBe("1.8 s");
    expect(span("ru", 1800)).toBe("1,8 с");
    expect(span("en", 158_000)).toBe("2 m 38 s");
  });

  it("show as a clock and never below zero", () => {
    expect(minutesAndSeconds(380)).toBe("6:20");
    expect(minutesAndSeconds(-3)).toBe("0:00");
  });

  it("turn to hours for whoever waits long", () => {
    expect(waitingTime("en", 72_000)).toBe("1:12");
    expect(waitingTime("ru", 7_300_000)).toBe("2 ч");
  });
});

describe("phone numbers", () => {
  it("are grouped as Russians read them, and left alone elsewhere", () => {
    expect(phoneInGroups("+79000000142")).toBe("+7 900 000-01-42");
    expect(phoneInGroups("+442079460000")).toBe("+442079460000");
  });
});
