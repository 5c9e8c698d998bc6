import { describe, expect, it } from "vitest";
import { affectsAccount, outcomeOf, refusalOf } from "../../src/chat/channels/whatsapp-cloud/errors.ts";

const table: [string, number[]][] = [
  ["refused not-here", [131026, 131021, 131030]],
  ["refused window-closed", [131047, 470]],
  ["refused not-now", [131049, 130472]],
  ["refused opted-out", [131050, 130403]],
  ["busy", [130429, 131056, 80007, 4, 1, 2, 131000, 131016, 131057, 133004]],
  ["busy alarm", [131048, 131064, 0, 3, 10, 190, 200, 299, 131005, 368, 131031, 130497, 131042, 131037, 131045, 33]],
  ["busy alarm", [133000, 133005, 133010, 133016]],
  [
    "refused invalid",
    [100, 131008, 131009, 131051, 131053, 131062, 132000, 132001, 132005, 132007, 132012, 132018, 135000],
  ],
  ["refused not-allowed", [132015, 132016, 131063]],
];
const cases = table.flatMap(([meaning, codes]) => codes.map((code) => ({ meaning, code })));

function meaningOf(code: number, httpStatus: number): string {
  const outcome = outcomeOf({ code, message: "words" }, httpStatus, null);
  if (outcome.kind === "refused") return `refused ${outcome.because}`;
  return outcome.kind === "busy" && outcome.alarm ? "busy alarm" : outcome.kind;
}

describe("error codes of the Cloud API", () => {
  it.each(cases)("code $code means $meaning whatever the HTTP status", ({ code, meaning }) => {
    expect([400, 401, 429, 500, 503].map((status) => meaningOf(code, status))).toEqual(Array(5).fill(meaning));
  });

  it("judges codes nobody has written down by the HTTP status", () => {
    expect(meaningOf(999999, 400)).toBe("refused invalid");
    expect(meaningOf(999999, 429)).toBe("busy");
    expect(meaningOf(999999, 500)).toBe("unclear");
  });

  it("takes a missing object for a wrong number id and not for a bad message", () => {
    expect(outcomeOf({ code: 100, error_subcode: 33 }, 400, null)).toMatchObject({
      kind: "busy",
      alarm: expect.any(String),
    });
    expect(affectsAccount({ code: 100, error_subcode: 33 })).toBe(true);
    expect(affectsAccount({ code: 131026 })).toBe(false);
  });

  it("obeys the pause the provider asked for", () => {
    expect(outcomeOf({ code: 130429 }, 429, 7000)).toMatchObject({ retryAfterMs: 7000 });
  });

  it("prefers the detailed words", () => {
    const error = { code: 131026, message: "Undeliverable", error_data: { details: "Not a WhatsApp number." } };

    expect(refusalOf(error)).toEqual({ because: "not-here", code: "131026", words: "Not a WhatsApp number." });
  });

  it("calls a temporary problem of a lost message 'not now' and an account problem 'not allowed'", () => {
    expect(refusalOf({ code: 131000 }).because).toBe("not-now");
    expect(refusalOf({ code: 131042 }).because).toBe("not-allowed");
    expect(refusalOf({ code: 999999 }).because).toBe("invalid");
  });
});
