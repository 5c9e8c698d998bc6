import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { instant, later, millis, minutes, seconds, type Instant } from "#kit";
import { readAnswer, type Outcome } from "../../src/chat/channels/whatsapp-web/core/answer.ts";
import {
  freshProbe,
  meaningOf,
  note,
  permit,
  reconnected,
  type About,
  type Probe,
} from "../../src/chat/channels/whatsapp-web/core/probe.ts";
import { canaryDueAt } from "../../src/chat/channels/whatsapp-web/core/sight.ts";
import { probeTrouble } from "../../src/chat/channels/whatsapp-web/core/trouble.ts";

const START = instant(1_000_000);
const LIMITS = { perMinute: 5, perDay: 40 };
const ROOMY = { perMinute: 600, perDay: 100_000 };

/** Asks and hears, one question after another, a second apart; answers what each one came to. */
function play(questions: [About, Outcome][], limits = ROOMY) {
  let probe = freshProbe(limits, START);
  let now = START;
  const results = questions.map(([about, outcome]) => {
    now = later(now, seconds(1));
    const permission = permit(probe, about, now, limits);
    if (!permission.ask) return permission.because;
    probe = note(permission.probe, { about, outcome, at: now, tookMs: 80 });
    return about === "canary" ? probe.sight.at : meaningOf(probe, outcome, now);
  });
  return { probe, now, results };
}

describe("what the library answers about one number", () => {
  it.each([
    ["an element with the number", [{ jid: "79161234567@s.whatsapp.net", exists: true }], "registered"],
    ["an element under another number, as in Brazil", [{ jid: "5511@s.whatsapp.net", exists: true }], "registered"],
    ["an empty list", [], "empty"],
    ["nothing, after its own time limit", undefined, "silent"],
    ["something it never said before", "yes", "silent"],
  ])("%s", (_case, value, outcome) => expect(readAnswer({ kind: "value", value })).toBe(outcome));

  it.each([
    ["429", Object.assign(new Error("rate-overlimit"), { data: 429 }), "limited"],
    ["a closed connection", Object.assign(new Error("Connection Closed"), { output: { statusCode: 428 } }), "failed"],
    ["a bare close code instead of an error", 1005, "failed"],
    ["nothing at all", undefined, "failed"],
  ])("a rejection with %s", (_case, error, outcome) => expect(readAnswer({ kind: "error", error })).toBe(outcome));

  it("our own time limit", () => expect(readAnswer({ kind: "timeout" })).toBe("silent"));
});

describe("whether an empty answer is believed", () => {
  it("only after a canary was seen on this connection", () => {
    expect(play([["customer", "empty"]]).results).toEqual(["ask-canary"]);
    expect(
      play([
        ["canary", "registered"],
        ["customer", "empty"],
      ]).results,
    ).toEqual(["clear", "not-here"]);
  });

  it("not once a canary came back empty: then nobody is asked until one is seen again", () => {
    const { results } = play([
      ["canary", "registered"],
      ["canary", "empty"],
      ["customer", "registered"],
      ["canary", "registered"],
      ["customer", "empty"],
    ]);
    expect(results).toEqual(["clear", "blind", "blind", "clear", "not-here"]);
  });

  it("not after five empty ones in a row, before the canary is seen again", () => {
    const empties = Array.from({ length: 5 }, (): [About, Outcome] => ["customer", "empty"]);
    const { results } = play([["canary", "registered"], ...empties, ["canary", "registered"], ["customer", "empty"]]);
    expect(results.slice(-3)).toEqual(["ask-canary", "clear", "not-here"]);
    expect(results.slice(1, 5)).toEqual(["not-here", "not-here", "not-here", "not-here"]);
  });

  it("not five minutes after the canary was seen, and not on a new connection", () => {
    const { probe, now } = play([["canary", "registered"]]);
    expect(meaningOf(probe, "empty", later(now, minutes(4)))).toBe("not-here");
    expect(meaningOf(probe, "empty", later(now, minutes(5)))).toBe("ask-canary");
    expect(meaningOf(reconnected(probe), "empty", now)).toBe("ask-canary");
  });

  it("a blind account stays blind on a new connection", () => {
    const { probe, now } = play([["canary", "empty"]]);
    expect(permit(reconnected(probe), "customer", now, ROOMY)).toEqual({ ask: false, because: "blind" });
  });
});

describe("when the canary is due", () => {
  it("at once on a new connection, every minute while blind, and only in use every five minutes", () => {
    const { probe, now } = play([["canary", "registered"]]);
    expect(canaryDueAt(freshProbe(ROOMY, START).sight, START)).toBe(START);
    expect(canaryDueAt(probe.sight, now)).toBeNull();
    const used = play([
      ["canary", "registered"],
      ["customer", "registered"],
    ]);
    expect(canaryDueAt(used.probe.sight, used.now)).toBe(used.now - 1000 + minutes(5));
    const blind = play([["canary", "empty"]]);
    expect(canaryDueAt(blind.probe.sight, blind.now)).toBe(blind.now + minutes(1));
  });
});

describe("the breaker", () => {
  const failing = Array.from({ length: 4 }, (): [About, Outcome] => ["customer", "failed"]);

  it("opens when half of the latest questions fail, and says so", () => {
    const { probe, results } = play([...failing, ["customer", "registered"]]);
    expect(results).toEqual(["unknown", "unknown", "unknown", "unknown", "broken"]);
    expect(probeTrouble(probe)?.words).toContain("pause");
  });

  it("opens at once, and for minutes, when the server asks to be left alone", () => {
    const { probe, now } = play([["customer", "limited"]]);
    expect(permit(probe, "canary", later(now, minutes(4)), ROOMY)).toEqual({ ask: false, because: "broken" });
    expect(permit(probe, "canary", later(now, minutes(5)), ROOMY).ask).toBe(true);
  });

  it("lets one question through when its time is over; success closes it, failure opens it for longer", () => {
    const { probe, now } = play(failing);
    const trial = permit(probe, "customer", later(now, seconds(30)), ROOMY);
    if (!trial.ask) throw new Error("The trial was not permitted.");
    const at = later(now, seconds(31));
    expect(permit(trial.probe, "customer", at, ROOMY)).toEqual({ ask: false, because: "broken" });

    const worse = note(trial.probe, { about: "customer", outcome: "silent", at, tookMs: 1500 });
    expect(permit(worse, "customer", later(at, seconds(59)), ROOMY).ask).toBe(false);
    expect(permit(worse, "customer", later(at, seconds(60)), ROOMY).ask).toBe(true);
    const better = note(trial.probe, { about: "customer", outcome: "registered", at, tookMs: 80 });
    expect(better.breaker).toEqual({ at: "closed", recent: [] });
    expect(probeTrouble(better)).toBeNull();
  });

  it("does not wait for ever for a trial whose process died", () => {
    const { probe, now } = play(failing);
    const trial = permit(probe, "customer", later(now, seconds(30)), ROOMY);
    if (!trial.ask) throw new Error("The trial was not permitted.");
    expect(permit(trial.probe, "customer", later(now, seconds(61)), ROOMY).ask).toBe(true);
  });
});

describe("the budget", () => {
  it("is spent by canaries too, and refills evenly", () => {
    const questions = Array.from({ length: 7 }, (_, i): [About, Outcome] => [
      i % 2 ? "canary" : "customer",
      "registered",
    ]);
    const { probe, results, now } = play(questions, LIMITS);
    expect(results.slice(-2)).toEqual(["spent", "spent"]);
    expect(permit(probe, "customer", later(now, seconds(12)), LIMITS).ask).toBe(true);
  });

  it("of the day is not refilled by a new minute", () => {
    let probe = freshProbe(LIMITS, START);
    let asked = 0;
    for (let now = START; now < START + minutes(60); now = later(now, seconds(5))) {
      const permission = permit(probe, "customer", now, LIMITS);
      if (!permission.ask) continue;
      asked += 1;
      probe = note(permission.probe, { about: "customer", outcome: "registered", at: now, tookMs: 80 });
    }
    expect(asked).toBeGreaterThanOrEqual(LIMITS.perDay);
    expect(asked).toBeLessThanOrEqual(LIMITS.perDay + 2);
  });
});

/* Promises that hold for every order of questions, answers and pauses. */

interface Step {
  about: About;
  outcome: Outcome;
  pauseMs: number;
  reconnects: boolean;
}

const steps = fc.array(
  fc.record<Step>({
    about: fc.constantFrom("customer", "customer", "canary"),
    outcome: fc.constantFrom("registered", "empty", "empty", "silent", "failed", "limited"),
    pauseMs: fc.oneof(fc.integer({ min: 0, max: 2000 }), fc.integer({ min: 0, max: 600_000 })),
    reconnects: fc.boolean(),
  }),
  { maxLength: 60 },
);

interface Told {
  at: Instant;
  step: Step;
  meaning: ReturnType<typeof meaningOf> | null;
  probe: Probe;
}

function run(all: Step[], limits: typeof LIMITS): Told[] {
  let probe = freshProbe(limits, START);
  let now = START;
  return all.map((step) => {
    now = later(now, millis(step.pauseMs));
    if (step.reconnects) probe = reconnected(probe);
    const permission = permit(probe, step.about, now, limits);
    if (!permission.ask) return { at: now, step, meaning: null, probe };
    probe = note(permission.probe, { about: step.about, outcome: step.outcome, at: now, tookMs: 50 });
    return { at: now, step, meaning: meaningOf(probe, step.outcome, now), probe };
  });
}

const RUNS = { numRuns: 3000 };

describe("for every order of questions and answers", () => {
  it("nobody is called 'not here' unless a canary was seen on this connection within five minutes", () => {
    fc.assert(
      fc.property(steps, (all) => {
        const told = run(all, ROOMY);
        told.forEach(({ meaning, at, step }, i) => {
          if (meaning !== "not-here" || step.about === "canary") return;
          const since = told.slice(0, i + 1).findLastIndex((one) => one.step.reconnects);
          const proof = told
            .slice(Math.max(0, since), i)
            .findLast((one) => one.step.about === "canary" && one.meaning !== null && isAnswer(one.step.outcome));
          expect(proof?.step.outcome).toBe("registered");
          expect(at - proof!.at).toBeLessThan(minutes(5));
        });
      }),
      RUNS,
    );
  });

  it("only an answer with the number is 'reachable', and no answer is never more than 'unknown'", () => {
    fc.assert(
      fc.property(steps, (all) => {
        for (const { meaning, step } of run(all, ROOMY)) {
          if (meaning === "reachable") expect(step.outcome).toBe("registered");
          if (!isAnswer(step.outcome)) expect([null, "unknown"]).toContain(meaning);
        }
      }),
      RUNS,
    );
  });

  it("no minute and no day holds more questions than the budget allows", () => {
    fc.assert(
      fc.property(steps, (all) => {
        const asked = run(all, LIMITS).filter(({ meaning }) => meaning !== null);
        for (const { at } of asked) {
          const within = (ms: number) => asked.filter((one) => one.at >= at && one.at < at + ms).length;
          expect(within(minutes(1))).toBeLessThanOrEqual(2 * LIMITS.perMinute);
          expect(within(minutes(24 * 60))).toBeLessThanOrEqual(2 * LIMITS.perDay);
        }
      }),
      RUNS,
    );
  });

  it("customers are left alone while the account is blind or the breaker is not closed for them", () => {
    fc.assert(
      fc.property(steps, (all) => {
        let before: Probe | null = null;
        for (const { meaning, step, probe } of run(all, ROOMY)) {
          if (before?.sight.at === "blind" && step.about === "customer") expect(meaning).toBeNull();
          before = probe;
        }
      }),
      RUNS,
    );
  });
});

const isAnswer = (outcome: Outcome) => outcome === "registered" || outcome === "empty";
