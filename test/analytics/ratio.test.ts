import { describe, expect, it } from "vitest";
import { createRandom } from "../../sim/kit/random.ts";
import { ratioOf } from "../../src/analytics/core/ratio.ts";

/** Pearson's χ² at a ratio, its constrained shares found by trying: no closed form is shared with the program. */
function chiSquare([x1, n1, x2, n2]: Table, ratio: number): number {
  const likelihood = (p2: number) => {
    const p1 = ratio * p2;
    const part = (x: number, p: number) => (x === 0 ? 0 : x * Math.log(p));
    return part(x1, p1) + part(n1 - x1, 1 - p1) + part(x2, p2) + part(n2 - x2, 1 - p2);
  };
  let [from, to] = [0, Math.min(1, 1 / ratio)];
  for (let i = 0; i < 300; i++) {
    const [left, right] = [from + (to - from) / 3, to - (to - from) / 3];
    if (likelihood(left) < likelihood(right)) from = left;
    else to = right;
  }
  const p2 = (from + to) / 2;
  const p1 = ratio * p2;
  const part = (x: number, n: number, p: number) => (x - n * p) ** 2 / (n * p * (1 - p));
  return part(x1, n1, p1) + part(x2, n2, p2);
}

type Table = [x1: number, n1: number, x2: number, n2: number];

const ratio = ([x1, n1, x2, n2]: Table) => ratioOf({ had: x1, of: n1 }, { had: x2, of: n2 });

describe("the ratio of two shares", () => {
  it("has the interval that is printed in Koopman's paper and in the review of Fagerland and others", () => {
    const koopman = ratio([36, 40, 16, 80]);
    const fagerland = ratio([7, 34, 1, 34]);

    expect([koopman.value, koopman.low, koopman.high].map((n) => n.toFixed(2))).toEqual(["4.50", "2.94", "7.15"]);
    expect([fagerland.value, fagerland.low, fagerland.high].map((n) => n.toPrecision(2))).toEqual(["7.0", "1.2", "43"]);
  });

  it.each<[string, Table]>([
    ["like a day of calls", [450, 900, 85, 100]],
    ["where all that were held out had it", [120, 200, 40, 40]],
    ["with one in a cell", [30, 300, 1, 30]],
    ["far from 1", [3, 1000, 900, 1000]],
  ])("ends %s where a χ² test of 5 % begins to reject", (_what, table) => {
    const { value, low, high } = ratio(table);

    expect(low).toBeLessThan(value);
    expect(high).toBeGreaterThan(value);
    expect(chiSquare(table, low)).toBeCloseTo(3.841459, 4);
    expect(chiSquare(table, high)).toBeCloseTo(3.841459, 4);
  });

  it("has bounds where other formulas have none: nobody, and everybody", () => {
    expect(ratio([0, 200, 20, 40])).toEqual({ value: 0, low: 0, high: expect.closeTo(0.03776, 5) });
    expect(ratio([200, 200, 40, 40])).toEqual({
      value: 1,
      low: expect.closeTo(0.98115, 5),
      high: expect.closeTo(1.09604, 5),
    });
  });

  it("turns round with its groups", () => {
    const { low, high } = ratio([450, 900, 85, 100]);
    const turned = ratio([85, 100, 450, 900]);

    expect(turned.low).toBeCloseTo(1 / high, 9);
    expect(turned.high).toBeCloseTo(1 / low, 9);
  });

  it.each([
    { treated: 900, heldOut: 100, shares: [0.5, 0.85] },
    { treated: 270, heldOut: 30, shares: [0.4, 0.9] },
    { treated: 150, heldOut: 50, shares: [0.02, 0.6] },
    { treated: 300, heldOut: 30, shares: [0.7, 0.7] },
  ])(
    "covers the truth in 95 of 100 periods of $treated treated and $heldOut held-out calls",
    ({ treated, heldOut, shares }) => {
      const random = createRandom(20_261_126);
      const [p1, p2] = shares as [number, number];
      const had = (n: number, p: number) => {
        let count = 0;
        for (let i = 0; i < n; i++) if (random.chance(p)) count += 1;
        return count;
      };
      const periods = 4000;
      let covered = 0;
      for (let i = 0; i < periods; i++) {
        const { low, high } = ratio([had(treated, p1), treated, had(heldOut, p2), heldOut]);
        if (low <= p1 / p2 && p1 / p2 <= high) covered += 1;
      }

      expect(covered / periods).toBeGreaterThan(0.935);
      expect(covered / periods).toBeLessThan(0.975);
    },
  );
});
