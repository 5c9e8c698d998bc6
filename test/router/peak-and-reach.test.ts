import { describe, expect, it } from "vitest";
import { days, hours, instant, later, seconds } from "#kit";
import { quiet, sample } from "../../src/router/core/peak-mode.ts";
import { lesson, remembered } from "../../src/router/core/reach.ts";

const NOW = instant(Date.UTC(2026, 10, 20, 12));

function sampled(waits: (number | null)[], every = seconds(5)) {
  let mode = quiet(NOW);
  let changes = 0;
  waits.forEach((wait, index) => {
    const next = sample(mode, wait, later(NOW, (every * (index + 1)) as never));
    if (next.on !== mode.on) changes++;
    mode = next;
  });
  return { mode, changes };
}

describe("the peak mode", () => {
  it("goes on when the smoothed wait passes 45 s, not at the first long wait", () => {
    expect(sampled([200]).mode.on).toBe(false);
    expect(sampled(Array.from({ length: 15 }, () => 60)).mode.on).toBe(false);
    expect(sampled(Array.from({ length: 20 }, () => 60)).mode.on).toBe(true);
  });

  it("stays on for at least three minutes and goes off below 15 s", () => {
    const peak = Array.from({ length: 30 }, () => 60);
    const calm = (count: number) => Array.from({ length: count }, () => 0);

    expect(sampled([...peak, ...calm(22)]).mode.on).toBe(true);
    expect(sampled([...peak, ...calm(24)]).mode.on).toBe(false);
  });

  it("changes rarely while the wait jumps", () => {
    const jumpy = Array.from({ length: 720 }, (_, i) => (i % 2 === 0 ? 90 : 5));

    expect(sampled(jumpy).changes).toBeLessThanOrEqual(1);
  });
});

describe("the memory of where a number can be reached", () => {
  it("believes good news for thirty days and bad news for one", () => {
    const good = { verdict: "reachable" as const, source: "receipt" as const, at: NOW };
    const bad = { verdict: "not-here" as const, source: "error" as const, at: NOW };

    expect(remembered(good, later(NOW, days(29)))).toBe("reachable");
    expect(remembered(good, later(NOW, days(31)))).toBe("unknown");
    expect(remembered(bad, later(NOW, hours(23)))).toBe("not-here");
    expect(remembered(bad, later(NOW, hours(25)))).toBe("unknown");
    expect(remembered(null, NOW)).toBe("unknown");
  });

  it("learns from receipts and from the error that names the recipient, not from other failures", () => {
    expect(lesson({ kind: "invite-status", status: "delivered", notHere: false })).toEqual({
      verdict: "reachable",
      source: "receipt",
    });
    expect(lesson({ kind: "invite-status", status: "failed", notHere: true })).toEqual({
      verdict: "not-here",
      source: "error",
    });
    expect(lesson({ kind: "invite-status", status: "failed", notHere: false })).toBeNull();
    expect(lesson({ kind: "invite-status", status: "sent", notHere: false })).toBeNull();
  });
});
