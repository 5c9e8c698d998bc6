import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { instant, later, minutes, seconds } from "#kit";
import {
  lineDueAt,
  step,
  type Line,
  type LineEffect,
  type LineEvent,
} from "../../src/chat/channels/whatsapp-web/core/line.ts";
import { lineTrouble } from "../../src/chat/channels/whatsapp-web/core/trouble.ts";

const NOW = instant(1_000_000);
const OPEN: Line = { at: "open", since: NOW };
const closed = (code: number, paired = true): LineEvent => ({ kind: "closed", code, paired, chance: 0.5 });

function play(line: Line, ...events: LineEvent[]) {
  const did: LineEffect["do"][] = [];
  let now = lineDueAt(line) ?? NOW;
  for (const event of events) {
    const next = step(line, event, now);
    line = next.line;
    did.push(...next.effects.map((effect) => effect.do));
    now = lineDueAt(line) ?? later(now, seconds(1));
  }
  return { line, did };
}

describe("after an ending", () => {
  it.each([408, 428, 500, 503])("%i it tries again, later each time", (code) => {
    const first = play(OPEN, closed(code)).line;
    expect(first).toEqual({ at: "waiting", tries: 1, code, until: NOW + 750 });
    const second = play(OPEN, closed(code), { kind: "time-came" }, closed(code));
    expect(second.line).toMatchObject({ at: "waiting", tries: 2 });
    expect(second.did).toEqual(["connect"]);
  });

  it("515 it connects again at once: that is how pairing ends", () => {
    expect(play({ at: "pairing", how: "qr", shown: null }, closed(515))).toEqual({
      line: { at: "connecting", tries: 0 },
      did: ["connect"],
    });
  });

  it.each([
    [401, ["forget"]],
    [403, []],
    [411, ["forget"]],
    [440, []],
  ])("%i it stops, says why, and waits for a person", (code, did) => {
    const halted = play(OPEN, closed(code), { kind: "time-came" }, { kind: "opened" }, closed(500));
    expect(halted).toEqual({ line: { at: "halted", code, since: NOW }, did });
    expect(lineTrouble(halted.line)?.words).toMatch(/\w/);
  });

  it("of an attempt to pair nothing is kept", () => {
    expect(play({ at: "pairing", how: "code", shown: null }, closed(408, false))).toEqual({
      line: { at: "unpaired", code: 408 },
      did: ["forget"],
    });
  });
});

describe("a halt", () => {
  const halted: Line = { at: "halted", code: 403, since: NOW };

  it("survives a restart of the program: a ban is not answered with another login", () => {
    expect(play(halted, { kind: "taken", paired: true })).toEqual({ line: halted, did: [] });
  });

  it("ends when a person says so", () => {
    expect(play(halted, { kind: "resume", paired: true })).toEqual({
      line: { at: "connecting", tries: 0 },
      did: ["connect"],
    });
    expect(play(halted, { kind: "resume", paired: false })).toEqual({ line: { at: "unpaired" }, did: [] });
    expect(play(halted, { kind: "pair", how: "qr" }).did).toEqual(["disconnect", "forget", "connect"]);
  });
});

describe("a line that cannot connect", () => {
  it("is an alarm after five tries, and no longer once it is open", () => {
    const tries = Array.from({ length: 5 }, (): LineEvent[] => [closed(408), { kind: "time-came" }])
      .flat()
      .slice(0, -1);
    const { line } = play({ at: "connecting", tries: 0 }, ...tries);
    expect(lineTrouble(line)?.words).toContain("cannot be reached");
    expect(lineTrouble(play(line, { kind: "time-came" }).line)).toEqual(lineTrouble(line));
    expect(lineTrouble(play(line, { kind: "time-came" }, { kind: "opened" }).line)).toBeNull();
  });
});

const events = fc.oneof(
  fc.record({ kind: fc.constant("taken" as const), paired: fc.boolean() }),
  fc.record({ kind: fc.constant("pair" as const), how: fc.constantFrom("qr" as const, "code" as const) }),
  fc.record({ kind: fc.constant("resume" as const), paired: fc.boolean() }),
  fc.constant({ kind: "shown" as const, shown: { kind: "qr" as const, text: "x", until: NOW } }),
  fc.constant({ kind: "opened" as const }),
  fc.record({
    kind: fc.constant("closed" as const),
    code: fc.constantFrom(401, 403, 405, 408, 411, 428, 440, 500, 503, 515),
    paired: fc.boolean(),
    chance: fc.double({ min: 0, max: 1, noNaN: true }),
  }),
  fc.constant({ kind: "time-came" as const }),
);

describe("for every order of events", () => {
  it("a halted line connects only when a person asks", () => {
    fc.assert(
      fc.property(fc.array(events, { maxLength: 40 }), (all) => {
        let line: Line = { at: "unpaired" };
        for (const event of all) {
          const next = step(line, event, NOW);
          const connects = next.effects.some((effect) => effect.do === "connect");
          if (line.at === "halted" && connects) expect(["pair", "resume"]).toContain(event.kind);
          line = next.line;
        }
      }),
      { numRuns: 5000 },
    );
  });

  it("it never waits longer than five minutes, and never connects without credentials unless it pairs", () => {
    fc.assert(
      fc.property(fc.array(events, { maxLength: 40 }), (all) => {
        let line: Line = { at: "unpaired" };
        for (const event of all) {
          const next = step(line, event, NOW);
          line = next.line;
          if (line.at === "waiting") expect(line.until - NOW).toBeLessThanOrEqual(minutes(5));
          const connects = next.effects.some((effect) => effect.do === "connect");
          if (connects && "paired" in event && !event.paired) expect(line.at).toBe("pairing");
        }
      }),
      { numRuns: 5000 },
    );
  });
});
