import { describe, expect, it } from "vitest";
import { isClean } from "../../sim/fleet/counts.ts";
import { runFleet } from "../../sim/fleet/fleet.ts";

describe("five thousand simulated calls on a bad day", () => {
  const delivered = runFleet({ calls: 5000, seed: 11, commitLevel: "delivered" });

  it("end without a wrong hang-up, a lost place, a second message or anybody forgotten", () => {
    expect(delivered).toMatchObject({
      calls: 5000,
      wrongHangUps: 0,
      lostPlaces: 0,
      lostPresses: 0,
      forgotten: 0,
      sentTwice: 0,
    });
    expect(isClean(delivered, "delivered")).toBe(true);
  });

  it("really went through everything that can happen", () => {
    expect(delivered.committed).toBeGreaterThan(500);
    expect(delivered.answered).toBeGreaterThan(500);
    expect(delivered.crashes).toBeGreaterThan(500);
    expect(Object.keys(delivered.kept).toSorted()).toEqual([
      "answered",
      "both",
      "busy",
      "failed",
      "not-here",
      "refused",
      "silent",
      "too-slow",
      "unavailable",
    ]);
    expect(delivered.owed).toMatchObject({
      chosen: expect.any(Number) as number,
      "gone-without-invite": expect.any(Number) as number,
    });
  });

  it("let every caller hear the decision within fifteen seconds of the key press, unless the process died", () => {
    expect(delivered.slowestDecisionMs).toBeLessThanOrEqual(15_000);
  });

  it("are the same calls again for the same seed", () => {
    expect(runFleet({ calls: 5000, seed: 11, commitLevel: "delivered" })).toEqual(delivered);
  });

  it("owe a callback for every known wrong hang-up when the weaker receipt is enough", () => {
    const sent = runFleet({ calls: 5000, seed: 11, commitLevel: "sent" });

    expect(sent.wrongHangUps).toBeGreaterThan(0);
    expect(isClean(sent, "sent")).toBe(true);
  });
});
