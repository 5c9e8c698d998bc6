import { describe, expect, it } from "vitest";
import { hours, instant, later, minutes, seconds, type Instant } from "#kit";
import { asked, type Callback, type CallbackEffect, type CallbackEvent } from "../../src/outbound/core/callback.ts";
import { earlierOf, toRing, type InLine } from "../../src/outbound/core/next-in-line.ts";
import { step } from "../../src/outbound/core/step.ts";

const START = instant(1_000_000);
const RULES = { tries: 3, noAnswer: hours(2), busy: minutes(15) };
const LEG = "leg-1";

const PICKED_UP: CallbackEvent[] = [
  { kind: "operator-rung", leg: LEG },
  { kind: "operator-picked-up", leg: LEG },
  { kind: "operator-ready", leg: LEG },
];
const RINGS: CallbackEvent[] = [
  ...PICKED_UP,
  { kind: "dial-begun", dial: 1 },
  { kind: "leg-alive", dial: 1, call: "CA1" },
];
const DOUBTFUL: CallbackEvent[] = [
  ...PICKED_UP,
  { kind: "dial-begun", dial: 1 },
  { kind: "dial-unclear", dial: 1 },
  ...Array.from({ length: 3 }, (): CallbackEvent => ({
    kind: "looked-up",
    dial: 1,
    found: { is: "nothing" },
    asOf: START,
  })),
];

/** Tells one after another at the same moment. */
function play(events: CallbackEvent[], from: Callback = asked, at: Instant = START) {
  let state = from;
  const did: CallbackEffect[] = [];
  for (const event of events) {
    const next = step(state, event, at, RULES);
    state = next.state;
    did.push(...next.effects);
  }
  return { state, did };
}

describe("a callback", () => {
  it("goes back to its place when nobody picks up at the operator's", () => {
    const { state, did } = play([
      { kind: "operator-rung", leg: LEG },
      { kind: "operator-gone", leg: LEG },
    ]);

    expect(state).toMatchObject({ at: "waiting", tries: 0 });
    expect(did).toEqual([]);
  });

  it("rings nobody while the operator still hears who it is and why", () => {
    const { state, did } = play(PICKED_UP.slice(0, 2));

    expect(did).toEqual([]);
    expect(state).toMatchObject({ at: "dialling", dials: 0, phone: { is: "untouched" } });
  });

  it("dials the customer once the operator waits for it, and is done when the two have talked", () => {
    const { state, did } = play([
      ...RINGS,
      { kind: "picked-up", dial: 1, call: "CA1" },
      { kind: "joined", dial: 1 },
      { kind: "leg-over", dial: 1, how: "completed" },
    ]);

    expect(state.at).toBe("done");
    expect(did).toEqual([
      { do: "dial", dial: 1 },
      { do: "free-operator", leg: LEG },
    ]);
  });

  it.each([
    ["no-answer", hours(2)],
    ["busy", minutes(15)],
    ["failed", minutes(15)],
    ["completed", minutes(15)],
  ] as const)("is tried again after %s", (how, pause) => {
    const { state } = play([...RINGS, { kind: "leg-over", dial: 1, how }]);

    expect(state).toMatchObject({ at: "retry", from: later(START, pause), tries: 1 });
  });

  it("is given up after the last try", () => {
    const { state } = play([...RINGS, { kind: "leg-over", dial: 1, how: "busy" }], { ...asked, tries: 2 });

    expect(state).toMatchObject({ at: "not-reached", because: "tries", tries: 3 });
  });

  it.each<[string, CallbackEvent[]]>([
    ["refused by the provider", [{ kind: "dial-refused", dial: 1, because: "number" }]],
    [
      "found out on the line",
      [
        { kind: "leg-alive", dial: 1, call: "CA1" },
        { kind: "leg-over", dial: 1, how: "invalid" },
      ],
    ],
  ])("gives a wrong number up at once, %s", (_how, news) => {
    const { state } = play([...PICKED_UP, { kind: "dial-begun", dial: 1 }, ...news]);

    expect(state).toMatchObject({ at: "not-reached", because: "number" });
  });

  it("costs the customer no try when the provider does not dial, and asks it ever more rarely", () => {
    const first = play([
      ...PICKED_UP,
      { kind: "dial-begun", dial: 1 },
      { kind: "dial-refused", dial: 1, because: "trouble" },
    ]);
    const second = play(
      [...PICKED_UP, { kind: "dial-begun", dial: 2 }, { kind: "dial-refused", dial: 2, because: "trouble" }],
      first.state,
    );

    expect(first.state).toMatchObject({ at: "retry", from: later(START, minutes(1)), tries: 0 });
    expect(second.state).toMatchObject({ at: "retry", from: later(START, minutes(2)), tries: 0 });
  });

  it("hangs up on a ringing phone when the operator leaves, and the customer is next in line again", () => {
    const { state, did } = play([
      ...RINGS,
      { kind: "operator-gone", leg: LEG },
      { kind: "leg-over", dial: 1, how: "cancelled" },
    ]);

    expect(did).toContainEqual({ do: "hang-up", call: "CA1" });
    expect(state).toMatchObject({ at: "waiting", tries: 0 });
  });

  it("lets a customer who has picked up hear to the end that the operator is gone", () => {
    const { state, did } = play([
      ...RINGS,
      { kind: "picked-up", dial: 1, call: "CA1" },
      { kind: "operator-gone", leg: LEG },
      { kind: "leg-over", dial: 1, how: "completed" },
    ]);

    expect(did.filter((effect) => effect.do === "hang-up")).toEqual([]);
    expect(state).toMatchObject({ at: "waiting", tries: 0 });
  });

  it("looks an unclear dial up three times while the operator waits, then lets the operator go", () => {
    const { state, did } = play(DOUBTFUL);

    expect(state).toMatchObject({ at: "retry", from: later(START, minutes(2)), doubt: { since: START }, tries: 0 });
    expect(did.filter((effect) => effect.do === "dial")).toHaveLength(1);
  });

  it("looks a doubtful dial up once more before it dials again", () => {
    const doubtful = play(DOUBTFUL).state;
    const begun = play(PICKED_UP, doubtful, later(START, minutes(3)));
    expect(begun.did).toEqual([{ do: "look-up", dial: 1 }]);

    const { state, did } = play(
      [{ kind: "looked-up", dial: 1, found: { is: "nothing" }, asOf: later(START, minutes(3)) }],
      begun.state,
    );

    expect(did).toEqual([{ do: "dial", dial: 2 }]);
    expect(state).toMatchObject({ at: "dialling", ghosts: [1], doubt: null });
  });

  it("goes on with an unclear dial that is found ringing", () => {
    const { state, did } = play([
      ...PICKED_UP,
      { kind: "dial-begun", dial: 1 },
      { kind: "dial-unclear", dial: 1 },
      { kind: "looked-up", dial: 1, found: { is: "alive", call: "CA1" }, asOf: START },
    ]);

    expect(state).toMatchObject({ at: "dialling", phone: { is: "ringing", call: "CA1" } });
    expect(did.filter((effect) => effect.do === "dial")).toHaveLength(1);
  });

  it("hangs a doubtful dial up that rings after all while nobody is there, and dials nothing before it is over", () => {
    const { state, did } = play([{ kind: "leg-alive", dial: 1, call: "CA1" }, ...PICKED_UP], play(DOUBTFUL).state);

    expect(did).toEqual([{ do: "hang-up", call: "CA1" }]);
    expect(state).toMatchObject({ at: "dialling", leg: null });
  });

  it("hangs up on a dial that was taken for never made and turns up beside its successor", () => {
    const again = play(
      [
        ...PICKED_UP,
        { kind: "looked-up", dial: 1, found: { is: "nothing" }, asOf: later(START, minutes(3)) },
        { kind: "leg-alive", dial: 1, call: "CA1" },
      ],
      play(DOUBTFUL).state,
    );

    expect(again.did.at(-1)).toEqual({ do: "hang-up", call: "CA1" });
    expect(again.state).toMatchObject({ at: "dialling", dials: 2 });
  });

  it("asks again for a dial that no process took up", () => {
    const { state } = play(PICKED_UP);
    const { did } = play([{ kind: "overdue" }], state, later(START, seconds(11)));

    expect(did).toEqual([{ do: "dial", dial: 1 }]);
  });

  it("takes a dial for unclear whose process died while asking", () => {
    const { state } = play([...PICKED_UP, { kind: "dial-begun", dial: 1 }]);
    const after = play([{ kind: "overdue" }], state, later(START, seconds(20)));

    expect(after.did).toEqual([{ do: "look-up", dial: 1 }]);
    expect(after.state).toMatchObject({ phone: { is: "unclear", since: START } });
  });

  it.each(["called-in", "dismissed", "chat"] as const)("is cancelled while it waits: %s", (because) => {
    expect(play([{ kind: "called-off", because }]).state).toMatchObject({ at: "cancelled", because });
  });

  it("stops ringing when the customer was answered elsewhere, and is cancelled when the phone is silent", () => {
    const ringing = play([...RINGS, { kind: "called-off", because: "called-in" }]);
    expect(ringing.did).toContainEqual({ do: "hang-up", call: "CA1" });

    const { state } = play([{ kind: "leg-over", dial: 1, how: "no-answer" }], ringing.state);

    expect(state).toMatchObject({ at: "cancelled", because: "called-in" });
  });
});

describe("the line of callers and callbacks", () => {
  const at = (second: number) => later(START, seconds(second));
  const call = (second: number): InLine => ({ kind: "call", enqueuedAt: at(second) });
  const callback = (id: string, second: number, rings = true): InLine => ({
    kind: "callback",
    id,
    enqueuedAt: at(second),
    rings,
  });

  it("rings for callbacks from the first place on, as many as there are operators", () => {
    expect(toRing([callback("a", 1), callback("b", 2), callback("c", 3)], 2, 0)).toEqual(["a", "b"]);
  });

  it("rings for nobody behind a caller who waits on the phone", () => {
    expect(toRing([callback("a", 1), call(2), callback("b", 3)], 5, 0)).toEqual(["a"]);
  });

  it("goes on behind a caller for whom an operator's phone rings already", () => {
    expect(toRing([call(1), callback("a", 2)], 5, 1)).toEqual(["a"]);
  });

  it("waits for an operator who asks for the next where the queue rings nobody by itself", () => {
    expect(toRing([callback("a", 1, false), callback("b", 2)], 5, 0)).toEqual([]);
  });

  it("puts the earlier first time in the queue first", () => {
    expect(earlierOf(call(2), callback("a", 1))).toMatchObject({ id: "a" });
    expect(earlierOf(call(1), callback("a", 2))).toMatchObject({ kind: "call" });
    expect(earlierOf(null, call(3))).toMatchObject({ kind: "call" });
    expect(earlierOf(null, null)).toBeNull();
  });
});
