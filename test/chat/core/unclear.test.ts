import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hours, instant, later, minutes, type Instant } from "#kit";
import { NO_REPEATS, settleUnclear, type Loss, type UnclearSend } from "../../../src/chat/core/unclear.ts";

const WRITTEN = instant(0);
const SOON = instant(minutes(3));

const answer = (more: Partial<UnclearSend> = {}): UnclearSend => ({
  author: "bot",
  purpose: null,
  at: WRITTEN,
  loss: "program-ended",
  repeats: NO_REPEATS,
  ...more,
});

/** Loses a send again and again, until it is not repeated any more. */
function lose(losses: Loss[], send = answer(), now: Instant = SOON) {
  const steps: string[] = [];
  let { repeats } = send;
  for (const loss of losses) {
    const fate = settleUnclear({ ...send, loss, repeats }, now);
    steps.push(fate.do);
    if (fate.do !== "repeat") break;
    repeats = fate.repeats;
  }
  return { steps, repeats };
}

const times = (count: number, loss: Loss): Loss[] => Array.from({ length: count }, () => loss);

describe("a send of unknown fate", () => {
  it("is repeated as often as the program ends, five times at most; then a person looks", () => {
    expect(lose(times(10, "program-ended")).steps).toEqual([
      ...times(5, "program-ended").map(() => "repeat"),
      "hand-over",
    ]);
  });

  it("is repeated once after the line broke, however often the program ended before", () => {
    expect(lose(["line-broke", "line-broke"]).steps).toEqual(["repeat", "hand-over"]);
    expect(lose(["program-ended", "program-ended", "line-broke", "program-ended", "line-broke"]).steps).toEqual([
      "repeat",
      "repeat",
      "repeat",
      "repeat",
      "hand-over",
    ]);
  });

  it("is a person's matter when it is twelve hours old, with half of the window left to write in", () => {
    const old = later(WRITTEN, hours(12));

    expect(settleUnclear(answer(), old)).toEqual({ do: "hand-over" });
    expect(settleUnclear(answer(), instant(old - 1)).do).toBe("repeat");
  });

  it("is left alone when it is an operator's or an invite, at any age and after any loss", () => {
    const loss = fc.constantFrom<Loss>("line-broke", "program-ended");
    const theirs = fc.oneof(
      loss.map((one) => answer({ author: "operator", loss: one })),
      loss.map((one) => answer({ author: "system", purpose: "invite", loss: one })),
    );
    fc.assert(
      fc.property(theirs, fc.nat(hours(48)), (send, age) => {
        expect(settleUnclear(send, instant(age))).toEqual({ do: "leave" });
      }),
    );
  });

  it("comes to an end in every order of losses: at most six repeats, then a person, never silence", () => {
    const losses = fc.array(fc.constantFrom<Loss>("line-broke", "program-ended"), { minLength: 7, maxLength: 20 });
    const authors = fc.constantFrom("bot", "system");
    fc.assert(
      fc.property(losses, authors, (all, author) => {
        const { steps, repeats } = lose(all, answer({ author }));

        expect(steps.at(-1)).toBe("hand-over");
        expect(steps.filter((step) => step === "repeat")).toHaveLength(
          repeats["line-broke"] + repeats["program-ended"],
        );
        expect(steps.length).toBeLessThanOrEqual(7);
      }),
      { numRuns: 1000 },
    );
  });
});
