import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hours, instant, minutes, seconds } from "#kit";
import { fitFile, largestCarried, typesCarried } from "../../../src/chat/core/media-fit.ts";
import {
  LOST_AFTER,
  MOST_TRIES,
  step,
  wanted,
  type FetchTrouble,
  type Media,
  type MediaEvent,
} from "../../../src/chat/core/media.ts";

const file = { sha256: "ab".repeat(32), size: 7, type: "image/jpeg" };
const began = (at: number): MediaEvent => ({ kind: "fetch-began", at: instant(at) });
const ended = (at: number, tries: number, trouble: FetchTrouble): MediaEvent => ({
  kind: "fetch-ended",
  at: instant(at),
  tries,
  trouble,
});

function play(events: MediaEvent[], from: Media = wanted(instant(0))) {
  const records: string[] = [];
  let state = from;
  for (const event of events) {
    const next = step(state, event);
    state = next.state;
    if (next.record) records.push(next.record.kind);
  }
  return { state, records };
}

describe("the file of a message", () => {
  it("is fetched, then kept, then deleted when its time is over", () => {
    const { state, records } = play([began(0), { kind: "fetched", file }, { kind: "kept-long-enough" }]);

    expect(state).toEqual({ at: "expired" });
    expect(records).toEqual(["media.stored", "media.expired"]);
  });

  it.each(["gone", "too-large", "refused", "not-connected"] as const)("is given up at once when it is %s", (kind) => {
    expect(play([began(0), ended(1, 1, { kind })])).toEqual({
      state: { at: "failed", because: kind },
      records: ["media.failed"],
    });
  });

  it("is tried again after pauses that grow, then given up with the last reason", () => {
    const pauses: number[] = [];
    let state: Media = wanted(instant(0));
    for (let tries = 1; state.at === "wanted"; tries += 1) {
      const { dueAt } = state;
      state = play(
        [began(dueAt), ended(dueAt, tries, { kind: tries < MOST_TRIES ? "unclear" : "damaged" })],
        state,
      ).state;
      if (state.at === "wanted") pauses.push(state.dueAt - dueAt);
    }

    expect(pauses).toEqual([seconds(5), seconds(30), minutes(3), minutes(15), hours(1), hours(3), hours(6)]);
    expect(state).toEqual({ at: "failed", because: "damaged" });
  });

  it("waits as long as a busy provider asks, within reason", () => {
    const busy = (retryAfterMs: number) => play([began(0), ended(0, 1, { kind: "busy", retryAfterMs })]).state;

    expect(busy(60_000)).toMatchObject({ dueAt: 60_000 });
    expect(busy(1)).toMatchObject({ dueAt: seconds(5) });
    expect(busy(1e12)).toMatchObject({ dueAt: hours(6) });
  });

  it("is fetched afresh when an operator asks, also what was given up", () => {
    const failed = play([began(0), ended(1, 1, { kind: "gone" })]).state;

    expect(play([{ kind: "asked-again", at: instant(9) }], failed).state).toEqual({ at: "wanted", tries: 0, dueAt: 9 });
  });

  it("does not wait for its next try when an operator asks", () => {
    const { state } = play([began(0), ended(1, 1, { kind: "unclear" }), { kind: "asked-again", at: instant(2) }]);

    expect(state).toEqual({ at: "wanted", tries: 1, dueAt: 2 });
  });

  it("counts a try nobody heard of again as one that failed", () => {
    const { state } = play([began(0), { kind: "fetch-lost", at: instant(LOST_AFTER) }]);

    expect(state).toMatchObject({ at: "wanted", tries: 1, dueAt: LOST_AFTER + seconds(5) });
  });

  it("takes a file that comes late, and ignores late bad news of an earlier try", () => {
    const again = play([began(0), { kind: "fetch-lost", at: instant(1) }, began(seconds(9))]).state;

    expect(play([ended(2, 1, { kind: "gone" })], again).state).toEqual(again);
    expect(play([{ kind: "fetched", file }], again).state).toEqual({ at: "stored", file });
  });

  const trouble: fc.Arbitrary<FetchTrouble> = fc.oneof(
    fc.constantFrom(
      ...(["gone", "too-large", "refused", "not-connected", "damaged", "not-stored", "unclear"] as const).map(
        (kind) => ({
          kind,
        }),
      ),
    ),
    fc.record({ kind: fc.constant("busy" as const), retryAfterMs: fc.nat() }),
  );
  const at = fc.nat().map(instant);
  const event: fc.Arbitrary<MediaEvent> = fc.oneof(
    fc.record({ kind: fc.constantFrom("fetch-began", "fetch-lost", "asked-again"), at }),
    fc.record({ kind: fc.constant("fetched" as const), file: fc.constant(file) }),
    fc.record({
      kind: fc.constant("fetch-ended" as const),
      at,
      tries: fc.integer({ min: 1, max: MOST_TRIES }),
      trouble,
    }),
    fc.constantFrom({ kind: "kept-long-enough" as const }, { kind: "taken-back" as const }),
  );

  it("is never fetched again once it is stored, whatever comes, twice or out of order", () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        let state: Media = wanted(instant(0));
        let stored = 0;
        for (const one of events) {
          const next = step(state, one);
          if (next.record?.kind === "media.stored") stored += 1;
          if (stored > 0) expect(["stored", "expired", "withdrawn"]).toContain(next.state.at);
          state = next.state;
        }
        expect(stored).toBeLessThanOrEqual(1);
      }),
      { numRuns: 5000 },
    );
  });

  it("is asked for at most so many times without an operator's wish, and always ends or is due", () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 60 }), (events) => {
        let state: Media = wanted(instant(0));
        let asked = 0;
        for (const one of events) {
          if (one.kind === "asked-again" && state.at === "failed") asked = 0;
          const next = step(state, one).state;
          if (one.kind === "fetch-began" && next !== state) asked += 1;
          state = next;
          expect(asked).toBeLessThanOrEqual(MOST_TRIES);
          if (state.at === "wanted" || state.at === "fetching") expect(Number.isFinite(state.dueAt)).toBe(true);
        }
      }),
      { numRuns: 5000 },
    );
  });

  it("changes nothing when the same event comes twice in a row", () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 20 }), event, (before, one) => {
        const { state } = play(before);
        const once = step(state, one).state;
        if (one.kind !== "fetch-began" && one.kind !== "fetch-lost") expect(step(once, one).state).toEqual(once);
      }),
      { numRuns: 5000 },
    );
  });
});

describe("what a channel carries", () => {
  const abilities = {
    image: { types: ["image/png"], mostBytes: 100, caption: 10 },
    document: { types: ["application/pdf"], mostBytes: 1000, caption: 0 },
  };

  it("is decided by the type a file has and by its size", () => {
    expect(fitFile(abilities, { type: "image/png", size: 100 })).toEqual({ kind: "fits", as: "image", caption: 10 });
    expect(fitFile(abilities, { type: "image/png", size: 101 })).toEqual({ kind: "too-large", most: 100 });
    expect(fitFile(abilities, { type: "image/svg+xml", size: 1 })).toEqual({ kind: "wrong-type" });
  });

  it("is told as a whole", () => {
    expect([typesCarried(abilities), largestCarried(abilities)]).toEqual([["image/png", "application/pdf"], 1000]);
    expect([typesCarried(null), largestCarried({})]).toEqual([[], 0]);
  });
});
