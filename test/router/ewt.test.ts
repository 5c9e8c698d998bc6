import { describe, expect, it } from "vitest";
import { createRandom, type Random } from "../../sim/kit/random.ts";
import { expectedWait, handlingTime, learnedImpatience } from "../../src/router/core/ewt.ts";

describe("the expected wait", () => {
  it("is one service interval for the next caller in line", () => {
    const { seconds } = expectedWait({ ahead: 0, operators: 6, handleSeconds: 180, impatience: 1 / 180 });

    expect(seconds).toBeCloseTo(30);
  });

  it("is announced as a range of whole minutes, and not at all above fifteen", () => {
    expect(expectedWait({ ahead: 5, operators: 6, handleSeconds: 180, impatience: 1 / 180 }).range).toEqual({
      fromMinutes: 2,
      toMinutes: 4,
    });
    expect(expectedWait({ ahead: 60, operators: 1, handleSeconds: 180, impatience: 1 / 3600 }).range).toBeNull();
  });

  it("has no bound while nobody works, and nothing is announced then", () => {
    expect(expectedWait({ ahead: 3, operators: 0, handleSeconds: 180, impatience: 0.01 })).toMatchObject({
      seconds: null,
      range: null,
    });
  });

  it("starts from a patience of two minutes and learns", () => {
    expect(learnedImpatience({ abandons: 0, waitedSeconds: 0 })).toBeCloseTo(1 / 120);
    expect(learnedImpatience({ abandons: 100, waitedSeconds: 100_000 })).toBeCloseTo(103 / 100_360);
  });

  it("trusts the last hour more the more talks it has", () => {
    const day = { count: 100, meanSeconds: 200 };

    expect(handlingTime({ count: 0, meanSeconds: 0 }, day, 180)).toBe(200);
    expect(handlingTime({ count: 5, meanSeconds: 100 }, day, 180)).toBe(150);
    expect(handlingTime({ count: 0, meanSeconds: 0 }, { count: 0, meanSeconds: 0 }, 180)).toBe(180);
  });

  it("is nearer to the truth than both published formulas on a simulated peak", () => {
    const errors = simulateDays(
      { days: 4, operators: 30, handleSeconds: 180, patienceSeconds: 180, load: 1.3 },
      createRandom(7),
    );

    expect(errors.ours).toBeLessThan(errors.queueTimesHandling * 0.9);
    expect(errors.ours).toBeLessThan(errors.ccai * 0.9);
    expect(errors.ours).toBeLessThan(20);
  });
});

interface Scenario {
  days: number;
  operators: number;
  handleSeconds: number;
  patienceSeconds: number;
  load: number;
}

/**
 * First come, first served with impatience: a caller's virtual wait is the time until an operator frees for them,
 * also for those who give up before. Answers the root mean square errors over every delayed caller.
 */
function simulateDays(scenario: Scenario, random: Random) {
  const squares = { ours: 0, queueTimesHandling: 0, ccai: 0 };
  let callers = 0;
  for (let day = 0; day < scenario.days; day++) {
    for (const caller of simulateDay(scenario, random)) {
      const { seconds, baselines } = expectedWait(caller);
      squares.ours += (seconds! - caller.truth) ** 2;
      squares.queueTimesHandling += (baselines.queueTimesHandling! - caller.truth) ** 2;
      squares.ccai += (baselines.ccai! - caller.truth) ** 2;
      callers++;
    }
  }
  const rmse = (sum: number) => Math.sqrt(sum / callers);
  return { ours: rmse(squares.ours), queueTimesHandling: rmse(squares.queueTimesHandling), ccai: rmse(squares.ccai) };
}

function* simulateDay({ operators, handleSeconds, patienceSeconds, load }: Scenario, random: Random) {
  const exponential = (mean: number) => -mean * Math.log(1 - random.next());
  const freeAt = Array.from({ length: operators }, () => 0);
  const left: { at: number; arrived: number; abandoned: boolean }[] = [];
  const between = handleSeconds / (operators * load);
  for (let now = exponential(between); now < 4 * 3600; now += exponential(between)) {
    const operator = freeAt.indexOf(Math.min(...freeAt));
    const truth = Math.max(0, freeAt[operator]! - now);
    const known = left.filter(({ at }) => at <= now && at > now - 3600);
    const abandons = known.filter(({ abandoned }) => abandoned).length;
    const waitedSeconds = known.reduce((sum, { at, arrived }) => sum + at - arrived, 0);
    const ahead = left.filter(({ at }) => at > now).length;
    if (truth > 0)
      yield { ahead, operators, handleSeconds, impatience: learnedImpatience({ abandons, waitedSeconds }), truth };

    const patience = exponential(patienceSeconds);
    const abandoned = patience < truth;
    left.push({ at: now + Math.min(patience, truth), arrived: now, abandoned });
    if (!abandoned) freeAt[operator] = now + truth + exponential(handleSeconds);
  }
}
