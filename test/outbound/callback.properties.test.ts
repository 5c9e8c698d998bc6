import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { between, hours, instant, minutes, type Instant } from "#kit";
import { asked, dueAt, isOver, type Callback, type CallbackEvent } from "../../src/outbound/core/callback.ts";
import type { LegEnd } from "#voice";
import type { RetryRules } from "../../src/outbound/core/retry.ts";
import { step } from "../../src/outbound/core/step.ts";
import { play, type Played } from "./world-of-one.ts";

const START = instant(1_000_000);
const RULES: RetryRules = { tries: 3, noAnswer: hours(2), busy: minutes(15) };
const RUNS = { numRuns: 5000 };

const anyTape = fc.array(fc.nat(255), { maxLength: 400, size: "max" });
const inTheWorld = (check: (played: Played) => void) =>
  fc.assert(
    fc.property(anyTape, (tape) => {
      check(play(tape, RULES, START));
    }),
    RUNS,
  );

const dial = fc.integer({ min: 1, max: 4 });
const leg = fc.constantFrom("leg-1", "leg-2");
const call = dial.map((number) => `call-${number}`);
const how = fc.constantFrom<LegEnd[]>("completed", "busy", "no-answer", "failed", "invalid", "cancelled");
const kind = <K extends CallbackEvent["kind"]>(name: K) => fc.constant(name);

/** Any news at all, fitting or not. */
const anyEvent: fc.Arbitrary<CallbackEvent> = fc.oneof(
  fc.record({ kind: kind("operator-rung"), leg }),
  fc.record({ kind: kind("operator-picked-up"), leg }),
  fc.record({ kind: kind("operator-ready"), leg }),
  fc.record({ kind: kind("operator-gone"), leg }),
  fc.record({ kind: kind("dial-begun"), dial }),
  fc.record({ kind: kind("dial-refused"), dial, because: fc.constantFrom("number" as const, "trouble" as const) }),
  fc.record({ kind: kind("dial-unclear"), dial }),
  fc.record({
    kind: kind("looked-up"),
    dial,
    asOf: fc.nat(600).map((second) => instant(START + second * 1000)),
    found: fc.oneof(
      fc.record({ is: fc.constant("alive" as const), call }),
      fc.record({ is: fc.constant("over" as const), how }),
      fc.constantFrom({ is: "nothing" as const }, { is: "unknown" as const }),
    ),
  }),
  fc.record({ kind: kind("leg-alive"), dial, call }),
  fc.record({ kind: kind("picked-up"), dial, call }),
  fc.record({ kind: kind("joined"), dial }),
  fc.record({ kind: kind("leg-over"), dial, how }),
  fc.constantFrom<CallbackEvent[]>(
    { kind: "called-off", because: "called-in" },
    { kind: "called-off", because: "dismissed" },
    { kind: "overdue" },
  ),
);

interface Moment {
  at: Instant;
  before: Callback;
  event: CallbackEvent;
  after: Callback;
  effects: { do: string }[];
}

/** Half of the histories begin with a ringing phone, so that the interesting states are reached often. */
const anyHistory = fc
  .tuple(
    fc.constantFrom<CallbackEvent[][]>(
      [],
      [
        { kind: "operator-rung", leg: "leg-1" },
        { kind: "operator-picked-up", leg: "leg-1" },
        { kind: "operator-ready", leg: "leg-1" },
        { kind: "dial-begun", dial: 1 },
      ],
    ),
    fc.array(fc.tuple(anyEvent, fc.nat(300)), { maxLength: 40 }),
  )
  .map(([start, rest]) => [...start.map((event): [CallbackEvent, number] => [event, 0]), ...rest]);

function history(events: [CallbackEvent, number][]): Moment[] {
  let before = asked;
  let now = START;
  return events.map(([event, passed]) => {
    now = instant(now + passed * 1000);
    const { state: after, effects } = step(before, event, now, RULES);
    const moment = { at: now, before, event, after, effects };
    before = after;
    return moment;
  });
}

const always = (check: (moments: Moment[]) => void) =>
  fc.assert(
    fc.property(anyHistory, (events) => {
      check(history(events));
    }),
    RUNS,
  );

describe("with a provider that loses answers, doubles, delays and forgets news", () => {
  it("the customer's phone never rings twice at once", () => {
    inTheWorld(({ mostAtOnce }) => expect(mostAtOnce).toBeLessThanOrEqual(1));
  });

  it("every callback comes to an end once things go well again", () => {
    inTheWorld(({ end }) => expect(isOver(end)).toBe(true));
  });

  it("nobody is dialled more often than the tries allow, those cut short by our side counted apart", () => {
    inTheWorld(({ end, dialled }) => {
      expect(end.tries).toBeLessThanOrEqual(RULES.tries);
      expect(dialled).toBeLessThanOrEqual(RULES.tries * 3 + end.ghosts.length + 1);
    });
  });
});

describe("for every order, doubling and loss of events", () => {
  it("nobody is forgotten: whoever is not over is in line or has a time", () => {
    always((moments) => {
      for (const { after } of moments)
        expect(isOver(after) || after.at === "waiting" || dueAt(after) !== null).toBe(true);
    });
  });

  it("what is over stays over", () => {
    always((moments) => {
      for (const { before, after } of moments) if (isOver(before)) expect(after).toEqual(before);
    });
  });

  it("a dial is asked for only with an operator on the line, under a number of its own", () => {
    always((moments) => {
      for (const { after, effects } of moments)
        if (effects.some((effect) => effect.do === "dial"))
          expect(after).toMatchObject({ at: "dialling", leg: expect.any(String), phone: { is: "asked" } });
      const begun = moments.filter(({ before, after }) => after.dials > before.dials);
      expect(begun.map(({ after }) => after.dials)).toEqual(begun.map((_, index) => index + 1));
    });
  });

  it("a dial that was sent leaves `dialling` only when it is over, refused, silent for long, or remembered as doubtful", () => {
    always((moments) => {
      for (const { at, before, event, after } of moments) {
        if (before.at !== "dialling" || after.at === "dialling") continue;
        if (before.phone.is === "asked" || before.phone.is === "untouched") continue;
        const isKnown =
          ["leg-over", "dial-refused", "joined"].includes(event.kind) ||
          (event.kind === "looked-up" && event.found.is !== "unknown");
        const isSilent = "call" in before.phone && between(before.phone.since, at) >= minutes(15);
        expect(isKnown || isSilent || after.doubt !== null || after.ghosts.includes(before.dials)).toBe(true);
      }
    });
  });

  it("while a dial is doubtful nothing is dialled before a look", () => {
    always((moments) => {
      for (const { before, event, effects } of moments) {
        if (before.doubt === null || !effects.some((effect) => effect.do === "dial")) continue;
        expect(event).toMatchObject({ kind: "looked-up", found: { is: "nothing" } });
        const asOf = event.kind === "looked-up" ? event.asOf : START;
        expect(between(before.doubt.since, asOf)).toBeGreaterThanOrEqual(minutes(2));
      }
    });
  });

  it("a callback that was called off is dialled no more", () => {
    always((moments) => {
      const off = moments.findIndex(({ after }) => after.at === "cancelled" || (after.at === "dialling" && after.stop));
      if (off < 0) return;
      const later = moments.slice(off + 1).flatMap(({ effects }) => effects);
      expect(later.filter((effect) => effect.do === "dial")).toEqual([]);
    });
  });

  it("telling everything twice changes nothing", () => {
    always((moments) => {
      for (const { after, event, at } of moments) {
        if (event.kind === "overdue" || event.kind === "looked-up" || event.kind === "leg-over") continue;
        const again = step(after, event, at, RULES);
        expect(again.state).toEqual(after);
      }
    });
  });

  it("a wrong number is not dialled again", () => {
    always((moments) => {
      for (const { before, event, after } of moments) {
        if (before.at !== "dialling" || before.phone.is === "untouched") continue;
        const isInvalid = event.kind === "leg-over" && event.how === "invalid";
        if (isInvalid && event.dial === before.dials && before.stop === null)
          expect(after).toMatchObject({ at: "not-reached", because: "number" });
      }
    });
  });
});
