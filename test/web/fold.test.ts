import { describe, expect, it } from "vitest";
import { foldSteps } from "../../web/src/simulator/fold.ts";
import { logged, logOf } from "./states.ts";

const kinds = (steps: { kind: string }[]) => steps.map((step) => step.kind);

describe("the steps shown", () => {
  it("fold the routine of waiting into its newest entries", () => {
    const shown = foldSteps(
      logOf("call.arrived", "call.waiting", "offer.decided", "call.waiting", "offer.decided", "offer.made"),
    );

    expect(kinds(shown)).toEqual(["call.arrived", "call.waiting", "offer.decided", "offer.made"]);
    expect(shown.map((step) => step.times)).toEqual([1, 2, 2, 1]);
  });

  it("begin a new run of waiting after anything else happened", () => {
    const shown = foldSteps(logOf("call.waiting", "offer.made", "call.waiting", "call.waiting"));

    expect(kinds(shown)).toEqual(["call.waiting", "offer.made", "call.waiting"]);
  });

  it("never fold what is not routine", () => {
    expect(foldSteps(logOf("bot.answered", "bot.answered"))).toHaveLength(2);
  });

  it("count the time from the line above", () => {
    const shown = foldSteps([logged("call.arrived", {}, 5000), logged("offer.made", {}, 5012)]);

    expect(shown.map((step) => step.since)).toEqual([0, 12]);
  });
});
