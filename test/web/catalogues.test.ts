import { describe, expect, it } from "vitest";
import { en } from "../../web/src/i18n/en.ts";
import { ru } from "../../web/src/i18n/ru.ts";
import { factsOf } from "../../web/src/simulator/facts.ts";

/** Every path of a catalogue with what kind of thing stands there. */
function shape(part: object, path = ""): string[] {
  return Object.entries(part)
    .flatMap(([key, value]) =>
      typeof value === "object" && value !== null
        ? shape(value as object, `${path}${key}.`)
        : [`${path}${key}: ${typeof value}`],
    )
    .toSorted();
}

const strings = (part: object): string[] =>
  Object.values(part).flatMap((value) => {
    if (typeof value === "string") return [value];
    return typeof value === "object" && value !== null ? strings(value as object) : [];
  });

describe("the catalogues", () => {
  it("have the same texts in Russian and English", () => {
    expect(shape(ru)).toEqual(shape(en));
  });

  it("never shout", () => {
    expect([...strings(en), ...strings(ru)].filter((text) => text.includes("!"))).toEqual([]);
  });

  it("put every known event into words even when its data is missing", () => {
    for (const catalogue of [en, ru]) {
      for (const [kind, words] of Object.entries(catalogue.steps.kinds)) {
        const { title, detail } = words(factsOf({}));
        expect(`${kind} ${title} ${detail}`).not.toMatch(/undefined|NaN|\[object/);
        expect(title).not.toBe("");
      }
    }
  });

  it("say a place and a forecast in words", () => {
    const facts = factsOf({ place: 7, size: 14, ewtSeconds: 380 });

    expect(en.steps.kinds["call.waiting"]?.(facts)).toEqual({
      title: "Caller is 7th in line",
      detail: "14 callers waiting. Forecast 6:20.",
    });
    expect(ru.steps.kinds["call.waiting"]?.(facts).detail).toBe("На линии ждут 14 звонящих. Прогноз 6:20.");
  });

  it("show a reason nobody has put into words as it is", () => {
    expect(en.steps.kinds["deflection.kept"]?.(factsOf({ because: "new-reason" })).detail).toBe("new-reason");
  });
});
