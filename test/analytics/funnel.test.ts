import { days, hours, instant, later, type Instant } from "#kit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CallFacts } from "../../src/analytics/core/facts.ts";
import { funnelOf, isWrongHangUp } from "../../src/analytics/core/funnel.ts";

const NOW = instant(1_000_000_000_000);

const untouched: CallFacts = {
  heldOut: false,
  offered: false,
  answer: null,
  accepted: false,
  reach: null,
  tried: false,
  sentSeq: null,
  deliveredSeq: null,
  failedSeq: null,
  committedSeq: null,
  committedAt: null,
  callerLeft: false,
  keptBecause: null,
  owedBecause: null,
  askedCallback: false,
  engagedAt: null,
  closedAt: null,
  handedOver: false,
  calledAfterCommitAt: null,
  calledAfterCloseAt: null,
  wroteAfterCloseAt: null,
};

const offered = { ...untouched, offered: true };
const accepted = { ...offered, answer: "move", accepted: true };
const delivered = { ...accepted, reach: "unknown", tried: true, sentSeq: 10, deliveredSeq: 11 };
const committed = { ...delivered, committedSeq: 12, committedAt: NOW };
const engaged = { ...committed, engagedAt: later(NOW, hours(1)) };
const contained = { ...engaged, closedAt: later(NOW, hours(2)) };

describe("the funnel", () => {
  it("counts each call at every stage it reached", () => {
    const calls = [
      untouched,
      { ...untouched, heldOut: true },
      { ...offered, answer: "refused" },
      { ...offered, answer: "silent" },
      offered,
      { ...offered, answer: "both" },
      { ...accepted, reach: "not-here", keptBecause: "not-here" },
      { ...accepted, tried: true, sentSeq: 10, keptBecause: "too-slow" },
      { ...delivered, callerLeft: true },
      committed,
      { ...engaged, handedOver: true },
      contained,
    ];

    const funnel = funnelOf(calls, later(NOW, days(10)));

    expect(funnel).toEqual({
      eligible: 12,
      held_out: 1,
      offered: 10,
      accepted: 6,
      reachable: 5,
      sent: 5,
      delivered: 4,
      committed: 3,
      engaged: 2,
      contained: 1,
      resolved: 1,
      resolved_reason: null,
      refused: 1,
      silent: 1,
      rolled_back: { "not-here": 1, "too-slow": 1 },
      returned_to_voice: 0,
      wrong_hang_ups: 0,
      leaks: 0,
      left: {
        eligible: { held_out: 1, not_offered: 1 },
        offered: { refused: 1, silent: 1, no_answer: 1, both: 1 },
        accepted: { "rolled_back:not-here": 1 },
        reachable: {},
        sent: { "rolled_back:too-slow": 1 },
        delivered: { hung_up: 1 },
        committed: { quiet: 1 },
        engaged: { handed_over: 1 },
      },
    });
  });

  it("knows who resolved only after 72 hours without a new contact", () => {
    const cameBack = { ...contained, wroteAfterCloseAt: later(contained.closedAt, hours(70)) };
    const cameBackLate = { ...contained, calledAfterCloseAt: later(contained.closedAt, hours(73)) };

    const early = funnelOf([contained, cameBack, cameBackLate], later(contained.closedAt, hours(71)));
    const known = funnelOf([contained, cameBack, cameBackLate], later(contained.closedAt, hours(72)));

    expect([early.resolved, early.resolved_reason]).toEqual([null, expect.stringContaining("72 hours")]);
    expect([known.resolved, known.resolved_reason]).toEqual([2, null]);
  });

  it("counts a caller who calls again within a day as a leak", () => {
    const again = (after: number) => ({ ...committed, calledAfterCommitAt: (NOW + after) as Instant });

    expect(funnelOf([again(hours(23)), again(hours(25)), committed], NOW).leaks).toBe(1);
  });

  it.each([
    ["ended on a receipt", committed, false],
    ["ended on nothing", { ...committed, sentSeq: null, deliveredSeq: null }, true],
    ["ended before the receipt came", { ...committed, sentSeq: 13, deliveredSeq: 13 }, true],
    ["ended on `sent`, later failed", { ...committed, deliveredSeq: null, failedSeq: 13 }, true],
    ["ended on `sent`, failed, delivered after all", { ...committed, deliveredSeq: 14, failedSeq: 13 }, true],
    ["ended on `delivered`, another device failed", { ...committed, failedSeq: 13 }, false],
    ["failed before and was not ended", { ...delivered, failedSeq: 12, keptBecause: "failed" }, false],
  ])("judges a call that %s", (_case, call, wrong) => {
    expect(isWrongHangUp(call)).toBe(wrong);
  });

  const seq = fc.option(fc.integer({ min: 1, max: 20 }));
  const moment = fc.option(fc.integer({ min: 0, max: 200 }).map((n) => later(NOW, hours(n))));
  const reason = (...words: string[]) => fc.option(fc.constantFrom(...words));
  const anyCall: fc.Arbitrary<CallFacts> = fc
    .record({
      heldOut: fc.boolean(),
      offered: fc.boolean(),
      answer: reason("move", "both", "refused", "silent"),
      accepted: fc.boolean(),
      reach: reason("reachable", "not-here", "unknown"),
      tried: fc.boolean(),
      sentSeq: seq,
      deliveredSeq: seq,
      failedSeq: seq,
      committedSeq: seq,
      committedAt: moment,
      callerLeft: fc.boolean(),
      keptBecause: reason("not-here", "failed", "too-slow"),
      owedBecause: reason("failed-after-commit", "chosen"),
      askedCallback: fc.boolean(),
      engagedAt: moment,
      closedAt: moment,
      handedOver: fc.boolean(),
      calledAfterCommitAt: moment,
      calledAfterCloseAt: moment,
      wroteAfterCloseAt: moment,
    })
    // What the log cannot hold: `delivered` implies `sent`, a commit has its time.
    .map((call) => ({
      ...call,
      sentSeq: call.sentSeq ?? call.deliveredSeq,
      committedAt: call.committedSeq === null ? null : (call.committedAt ?? NOW),
    }))
    .map((call) => (call.committedSeq === null ? call : { ...call, sentSeq: call.sentSeq ?? 1 }));

  it("adds up, whatever the log holds: each stage is the next one plus who left it", () => {
    fc.assert(
      fc.property(fc.array(anyCall, { maxLength: 40 }), (calls) => {
        const f = funnelOf(calls, later(NOW, days(2)));
        const sum = (counts: Record<string, number>) => Object.values(counts).reduce((all, n) => all + n, 0);
        const early = f.left.sent["committed"] ?? 0;

        expect(f.eligible).toBe(f.offered + sum(f.left.eligible));
        expect(f.offered).toBe(f.accepted + sum(f.left.offered));
        expect(f.accepted).toBe(f.reachable + sum(f.left.accepted));
        expect(f.reachable).toBe(f.sent + sum(f.left.reachable));
        expect(f.sent).toBe(f.delivered + sum(f.left.sent));
        expect(f.delivered).toBe(f.committed - early + sum(f.left.delivered));
        expect(f.committed).toBe(f.engaged + sum(f.left.committed));
        expect(f.engaged).toBe(f.contained + sum(f.left.engaged));
      }),
      { numRuns: 2000 },
    );
  });
});
