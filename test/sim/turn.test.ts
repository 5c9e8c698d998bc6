import { describe, expect, it } from "vitest";
import { turnOf } from "../../sim/control/turn.ts";
import type { StepLine } from "../../sim/control/state.ts";
import { simulator } from "../web/states.ts";

/** The stand-ins' own picture has the same shape as the page's. */
function turnAt(
  phone: { state: "ringing" | "connected" | "ended"; incoming?: boolean; talkingTo?: string },
  ...kinds: string[]
) {
  const { phone: atRest, messenger } = simulator();
  const steps = kinds.map((kind, index) => ({ id: String(index), at: index, kind, leg: "voice", data: {} }));
  const seen = {
    phone: { ...atRest, ...phone },
    messenger,
    steps: steps as unknown as StepLine[],
    scenario: "never-delivered",
  };
  return turnOf(seen as Parameters<typeof turnOf>[0]);
}

describe("whose move it is when a callback was promised", () => {
  it("an operator has to become free first", () => {
    expect(turnAt({ state: "ended" }, "offer.made", "deflection.kept", "callback.asked")).toBe("take-call");
  });

  it("then the operator is told who it is, and the phone rings", () => {
    expect(turnAt({ state: "ended" }, "callback.asked", "callback.operator-rung")).toBe("wait-call");
    expect(turnAt({ state: "ringing", incoming: true }, "callback.asked", "callback.dialled")).toBe("pick-up");
  });

  it("and all is done when the two have talked", () => {
    const talked = ["callback.asked", "callback.connected", "callback.done"];

    expect(turnAt({ state: "connected", incoming: true, talkingTo: "client:olga" }, ...talked)).toBe("done");
    expect(turnAt({ state: "ended", incoming: true }, ...talked)).toBe("done");
  });
});
