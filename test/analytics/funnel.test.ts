import { days, hours, instant, later, type Instant } from "#kit";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { CallFacts } from "../../src/analytics/core/facts.ts";
import { funnelOf, isWrongHangUp } from "../../src/analytics/core/funnel.ts";

const NOW = instant(1_000_000_000_000);

const untouched: CallFacts = {
  eligibleAt: NOW,
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
  voiceAt: null,
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
      net_voice_reduction: {
        treated: { calls: 11, handled_by_voice: 0 },
        held_out: { calls: 1, handled_by_voice: 0 },
        not_counted_yet: 0,
        value: null,
        low: null,
        high: null,
        reason: expect.stringContaining("Only 1 calls were held out"),
      },
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

  describe("the net voice reduction", () => {
    const many = (count: number, call: CallFacts): CallFacts[] => Array.from({ length: count }, () => call);
    const talked = { voiceAt: later(NOW, hours(1)) };
    const heldOut = { ...untouched, heldOut: true };
    const reductionOf = (calls: CallFacts[]) => funnelOf(calls, later(NOW, days(1))).net_voice_reduction;

    it("compares what chance decided: 1 − (90 of 200) / (36 of 40) is a half", () => {
      const reduction = reductionOf([
        ...many(60, { ...committed }),
        ...many(50, { ...offered, answer: "refused" }),
        ...many(40, { ...offered, ...talked }),
        ...many(50, { ...untouched, ...talked }),
        ...many(36, { ...heldOut, ...talked }),
        ...many(4, heldOut),
      ]);

      expect(reduction).toEqual({
        treated: { calls: 200, handled_by_voice: 90 },
        held_out: { calls: 40, handled_by_voice: 36 },
        not_counted_yet: 0,
        value: 0.5,
        low: expect.closeTo(0.3871, 4),
        high: expect.closeTo(0.5832, 4),
        reason: null,
      });
    });

    it("counts a moved caller who talks with an operator within 24 hours after all, and not later", () => {
      const within = { ...committed, voiceAt: later(NOW, hours(24)) };
      const after = { ...committed, voiceAt: instant(NOW + hours(24) + 1) };

      expect(reductionOf([within, after]).treated).toEqual({ calls: 2, handled_by_voice: 1 });
    });

    it("leaves out whoever may still call again, in both groups", () => {
      const late = { eligibleAt: instant(NOW + 1) };

      expect(reductionOf([untouched, { ...untouched, ...late }, { ...heldOut, ...late }])).toMatchObject({
        treated: { calls: 1 },
        held_out: { calls: 0 },
        not_counted_yet: 2,
      });
    });

    it.each([
      ["nobody was treated", many(40, { ...heldOut, ...talked }), "No call was treated"],
      ["hardly anybody was held out", [untouched, ...many(29, { ...heldOut, ...talked })], "Only 29 calls"],
      ["no held-out caller was talked with", [untouched, ...many(40, heldOut)], "nothing to compare with"],
      ["there were no calls", [], "No call was treated"],
    ])("is not made up when %s", (_when, calls, words) => {
      expect(reductionOf(calls)).toMatchObject({
        value: null,
        low: null,
        high: null,
        reason: expect.stringContaining(words),
      });
    });

    it("knows a bound even when no treated caller needed an operator", () => {
      const { value, low, high } = reductionOf([...many(200, committed), ...many(40, { ...heldOut, ...talked })]);

      expect([value, high]).toEqual([1, 1]);
      expect(low).toBeGreaterThan(0.97);
    });
  });

  const seq = fc.option(fc.integer({ min: 1, max: 20 }));
  const moment = fc.option(fc.integer({ min: 0, max: 200 }).map((n) => later(NOW, hours(n))));
  const reason = (...words: string[]) => fc.option(fc.constantFrom(...words));
  const anyCall: fc.Arbitrary<CallFacts> = fc
    .record({
      eligibleAt: fc.integer({ min: -100, max: 40 }).map((n) => later(NOW, hours(n))),
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
      voiceAt: moment,
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
        const { treated, held_out, not_counted_yet } = f.net_voice_reduction;
        expect(f.eligible).toBe(treated.calls + held_out.calls + not_counted_yet);
      }),
      { numRuns: 2000 },
    );
  });
});
