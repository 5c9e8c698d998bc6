import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { instant, seconds } from "#kit";
import {
  step,
  type CommitLevel,
  type Deflection,
  type DeflectionEffect,
  type DeflectionEvent,
  type DeflectionRules,
} from "../../src/router/core/deflection.ts";

const START = instant(1_000_000);
const RUNS = { numRuns: 5000 };

const anyEvent: fc.Arbitrary<DeflectionEvent> = fc.oneof(
  fc.constantFrom<DeflectionEvent[]>(
    { kind: "offered-again" },
    { kind: "next-channel-offered" },
    { kind: "accepted-by-caller", mode: "move" },
    { kind: "accepted-by-caller", mode: "both" },
    { kind: "refused-by-caller" },
    { kind: "caller-stayed-silent" },
    { kind: "number-not-given" },
    { kind: "probe-overdue" },
    { kind: "invite-accepted" },
    { kind: "invite-busy" },
    { kind: "invite-unavailable" },
    { kind: "invite-unclear" },
    { kind: "patience-ran-out" },
    { kind: "operator-took-call" },
    { kind: "caller-hung-up" },
    { kind: "farewell-served" },
    { kind: "callback-chosen" },
  ),
  fc
    .constantFrom("reachable" as const, "not-here" as const, "unknown" as const)
    .map((reach): DeflectionEvent => ({ kind: "reach-known", reach })),
  fc.record({
    kind: fc.constant("invite-status" as const),
    status: fc.constantFrom("sent" as const, "delivered" as const, "read" as const, "failed" as const),
    notHere: fc.boolean(),
  }),
  fc.record({ kind: fc.constant("invite-refused" as const), notHere: fc.boolean() }),
  fc
    .constantFrom("gone" as const, "busy" as const, "unclear" as const)
    .map((how): DeflectionEvent => ({ kind: "pull-out-failed", how })),
);

/** Half of the histories start with an accepted offer, so that the interesting states are reached often. */
const anyHistory = fc
  .tuple(
    fc.constantFrom<DeflectionEvent[][]>([], [{ kind: "accepted-by-caller", mode: "move" }, { kind: "probe-overdue" }]),
    fc.array(anyEvent, { maxLength: 25 }),
  )
  .map(([start, rest]) => [...start, ...rest]);
const anyLevel = fc.constantFrom<CommitLevel[]>("delivered", "sent");

interface Moment {
  before: Deflection;
  event: DeflectionEvent;
  after: Deflection;
  effects: DeflectionEffect[];
}

function history(events: DeflectionEvent[], commitLevel: CommitLevel): Moment[] {
  const rules: DeflectionRules = { commitLevel, patience: seconds(8), probePatience: seconds(2) };
  let before: Deflection = { at: "offered" };
  return events.map((event) => {
    const { state: after, effects } = step(before, event, START, rules);
    const moment = { before, event, after, effects };
    before = after;
    return moment;
  });
}

const isNextOffer = ({ before, after }: Moment) =>
  before.at === "kept" && before.because !== "silent" && after.at === "offered";
const last = (moments: Moment[]): Deflection => moments.at(-1)?.after ?? { at: "offered" };
const effectsOf = (moments: Moment[]) => moments.flatMap(({ effects }) => effects);
const isReceipt = (event: DeflectionEvent, level: CommitLevel) =>
  event.kind === "invite-status" &&
  (event.status === "delivered" || event.status === "read" || (event.status === "sent" && level === "sent"));

const holds = (check: (moments: Moment[], level: CommitLevel) => void) =>
  fc.assert(
    fc.property(anyHistory, anyLevel, (events, level) => check(history(events, level), level)),
    RUNS,
  );

describe("for every order, doubling and loss of events", () => {
  it("there is no hang-up without a receipt", () => {
    holds((moments, level) => {
      const farewell = moments.findIndex(({ before, after }) => before.at !== "committed" && after.at === "committed");
      if (farewell < 0) return;
      expect(moments[farewell]!.event.kind).toBe("farewell-served");
      const sending = moments.slice(0, farewell).filter(({ before }) => before.at === "sending");
      expect(sending.some(({ event }) => isReceipt(event, level))).toBe(true);
    });
  });

  it("a caller who was kept is never said goodbye to, and only a choice of the caller or silence lets them leave that state", () => {
    holds((moments) => {
      for (const { before, event, after } of moments) {
        if (before.at !== "kept" || after.at === "kept") continue;
        expect(["callback-chosen", "offered-again", "next-channel-offered"]).toContain(event.kind);
      }
    });
  });

  it("every end of waiting that is not a receipt keeps the place", () => {
    holds((moments, level) => {
      for (const { before, event, after } of moments) {
        if (before.at !== "sending" || after.at === "sending") continue;
        if (event.kind === "caller-hung-up") expect(after.at).toBe("gone");
        else if (isReceipt(event, level)) expect(["leaving", "kept"]).toContain(after.at);
        else expect(after.at).toBe("kept");
      }
    });
  });

  it("nobody is gone without an invite or an owed callback", () => {
    holds((moments) => {
      const end = last(moments);
      const invited = effectsOf(moments).some((effect) => effect.do === "send-invite");
      if (end.at === "gone" || end.at === "committed") expect(invited).toBe(true);
      if (end.at === "gone" && end.seen !== "delivered") {
        const left = moments.findLastIndex(({ before, after }) => before.at !== "gone" && after.at === "gone");
        const bad = moments
          .slice(left + 1)
          .some(
            ({ event }) =>
              event.kind === "invite-refused" ||
              event.kind === "invite-unavailable" ||
              (event.kind === "invite-status" && event.status === "failed"),
          );
        expect(bad).toBe(false);
      }
      if (end.at === "owed")
        expect(effectsOf(moments).filter((effect) => effect.do === "owe-callback")).toEqual([
          { do: "owe-callback", because: end.because },
        ]);
    });
  });

  it("a wrong hang-up needs a commit level below delivered", () => {
    holds((moments, level) => {
      const end = last(moments);
      if (end.at === "owed" && end.because === "failed-after-commit") expect(level).toBe("sent");
    });
  });

  it("one message is sent at most on each channel offered, one callback is owed at most", () => {
    holds((moments) => {
      const channels = 1 + moments.filter(isNextOffer).length;
      const times = (kind: DeflectionEffect["do"]) => effectsOf(moments).filter((effect) => effect.do === kind).length;
      for (const kind of ["send-invite", "probe"] as const) expect(times(kind)).toBeLessThanOrEqual(channels);
      expect(times("pull-out")).toBeLessThanOrEqual(channels);
      expect(times("owe-callback")).toBeLessThanOrEqual(1);
    });
  });

  it("another channel is offered only when nothing can arrive on the one before", () => {
    holds((moments) => {
      moments.forEach((moment, i) => {
        if (!isNextOffer(moment)) return;
        expect(moment.before.at).toBe("kept");
        const sent = moments
          .slice(0, i)
          .findLastIndex(({ effects }) => effects.some((effect) => effect.do === "send-invite"));
        const accepted = moments.slice(0, i).findLastIndex(({ after }) => after.at === "checking");
        if (sent < accepted) return;
        const refusals = new Set(["invite-refused", "invite-unavailable", "invite-status"]);
        expect(moments.slice(sent + 1, i).some(({ event }) => refusals.has(event.kind))).toBe(true);
      });
    });
  });

  it("an operator who takes the call before the farewell wins", () => {
    holds((moments) => {
      for (const { before, event, after } of moments) {
        if (event.kind !== "operator-took-call") continue;
        if (before.at === "offered" || before.at === "sending" || before.at === "leaving")
          expect(after).toMatchObject({ at: "kept", because: "answered" });
      }
    });
  });

  it("a caller who wanted both is never pulled out", () => {
    holds((moments) => {
      const accepted = moments.filter(({ before, after }) => before.at === "offered" && after.at === "checking");
      if (accepted.length === 0) return;
      for (const { event } of accepted) if (event.kind !== "accepted-by-caller" || event.mode !== "both") return;
      expect(effectsOf(moments).map((effect) => effect.do)).not.toContain("pull-out");
      expect(moments.map(({ after }) => after.at)).not.toContain("committed");
    });
  });

  it("telling everything twice changes neither the end nor what was done", () => {
    fc.assert(
      fc.property(anyHistory, anyLevel, (events, level) => {
        const once = history(events, level);
        const twice = history(
          events.flatMap((event) => [event, event]),
          level,
        );
        expect(last(twice)).toEqual(last(once));
        expect(effectsOf(twice)).toEqual(effectsOf(once));
      }),
      RUNS,
    );
  });
});
