import type { CommitLevel, DeflectionEffect, DeflectionEvent } from "../../src/router/core/deflection.ts";
import { dueAt } from "../../src/router/core/deflection.ts";
import type { Random } from "../kit/random.ts";
import { createAgenda, type Agenda } from "./agenda.ts";
import { countOne, type Counts } from "./counts.ts";
import { around, type Faults } from "./faults.ts";
import { arrive, createHotline, type Hotline, type Told } from "./hotline.ts";
import { createMessenger, type Messenger } from "./messenger.ts";
import { judge } from "./judge.ts";
import type { Live } from "./live.ts";
import { createPhone, type Request } from "./phone.ts";

export interface ShiftOptions {
  calls: number;
  operators: number;
  commitLevel: CommitLevel;
  faults: Faults;
  random: Random;
  counts: Counts;
}

const ARRIVALS_MS = 1500;
const TALK_MS = 40_000;
const PATIENCE_MS = 240_000;

/** One hour at one hotline: callers, operators, a telephone provider and a messenger that fail in every way we know. */
export function runShift(options: ShiftOptions): void {
  const { random, counts, faults } = options;
  const agenda: Agenda = createAgenda(0);
  const hotline: Hotline = createHotline(options.commitLevel);
  const messenger: Messenger = createMessenger({ agenda, random, faults, tell: (live, event) => tell(live, event) });
  const request = createPhone({ agenda, random, faults, counts, decide, save, ended });
  const lives: Live[] = [];

  const place = (live: Live) =>
    lives.filter((other) => other.saved.status === "waiting" && other.saved.enqueuedAt < live.saved.enqueuedAt).length +
    1;
  const waitSeconds = (at: number) => ((at / options.operators) * TALK_MS) / 1000;

  function tell(live: Live, event: DeflectionEvent) {
    const { saved, effects } = hotline.tell(live.saved, event, agenda.now);
    save(live, { saved, effects, document: [] });
  }

  /** Saved together with the jobs that carry the effects out. */
  function save(live: Live, { saved, effects }: Told) {
    const before = live.saved.deflection;
    if (saved.enqueuedAt !== live.arrivedAt) counts.lostPlaces++;
    live.saved = saved;
    const after = saved.deflection;
    if (after && after !== before) note(live, before?.at ?? null, after);
    for (const effect of effects) carryOut(live, effect);
  }

  /** The time limit is a column: a crash makes it late, never lost. */
  const lateness = () => (random.chance(faults.jobLost) ? around(random, 5000) : 0);

  function note(live: Live, before: string | null, after: NonNullable<Live["saved"]["deflection"]>) {
    if (before === after.at) return;
    if (after.at === "offered") counts.offered++;
    if (after.at === "checking") counts.accepted++;
    if (after.at === "committed") counts.committed++;
    if (after.at === "kept") countOne(counts.kept, after.because);
    if (after.at === "owed") countOne(counts.owed, after.because);
    const due = dueAt(after);
    if (due !== null)
      agenda.after(due - agenda.now + lateness(), () =>
        save(live, { ...hotline.look(live.saved, agenda.now), document: [] }),
      );
  }

  function carryOut(live: Live, effect: DeflectionEffect) {
    switch (effect.do) {
      case "probe":
        if (random.chance(faults.jobLost)) return;
        return agenda.after(around(random, 400), () =>
          tell(live, {
            kind: "reach-known",
            reach: live.onMessenger
              ? random.chance(0.5)
                ? "reachable"
                : "unknown"
              : random.chance(0.5)
                ? "not-here"
                : "unknown",
          }),
        );
      case "send-invite":
        if (live.invited) counts.sentTwice++;
        live.invited = true;
        if (random.chance(faults.inviteUnavailable)) return tell(live, { kind: "invite-unavailable" });
        return messenger.send(live);
      case "pull-out":
        if (random.chance(faults.jobLost)) return;
        return agenda.after(around(random, 200), () => pullOut(live));
      default:
    }
  }

  function pullOut(live: Live) {
    if (random.chance(faults.pullOutBusy)) return tell(live, { kind: "pull-out-failed", how: "busy" });
    const unclear = random.chance(faults.pullOutUnclear);
    if (live.at !== "queue") return tell(live, { kind: "pull-out-failed", how: unclear ? "unclear" : "gone" });
    if (unclear && random.chance(0.5)) return tell(live, { kind: "pull-out-failed", how: "unclear" });
    live.at = "outside";
    request(live, "pulled-out");
  }

  function decide(live: Live, what: Request, visit: number): Told {
    const at = place(live);
    if (what === "waiting")
      return hotline.waiting(live.saved, agenda.now, { key: String(visit), place: at, waitSeconds: waitSeconds(at) });
    if (what === "pulled-out") return hotline.pulledOut(live.saved, agenda.now);
    return hotline.answered(live.saved, { turn: what.turn, digits: what.digits, speech: "" }, agenda.now);
  }

  function ended(live: Live) {
    agenda.after(around(random, 500), () => save(live, hotline.hungUp(live.saved, agenda.now)));
    if (random.chance(faults.doubledRequest))
      agenda.after(around(random, 5000), () => save(live, hotline.hungUp(live.saved, agenda.now)));
  }

  function giveUp(live: Live) {
    if (live.at === "away" || live.at === "talking") return;
    live.at = "away";
    live.endedBy = "caller";
    ended(live);
  }

  /** An operator takes the caller whom the product holds for the first. */
  function work() {
    const waiting = lives.filter((live) => live.saved.status === "waiting" && live.at !== "away");
    const first = waiting.reduce<Live | null>(
      (best, live) => (best && best.saved.enqueuedAt <= live.saved.enqueuedAt ? best : live),
      null,
    );
    if (!first || first.at !== "queue") {
      if (lives.length < options.calls || lives.some((live) => live.at !== "away" && live.at !== "talking"))
        agenda.after(1000, work);
      return;
    }
    const passedOver = lives.some(
      (live) => live.at === "queue" && live.arrivedAt < first.arrivedAt && live.saved.status !== "leaving",
    );
    if (passedOver) counts.lostPlaces++;
    first.at = "talking";
    first.endedBy = "parties";
    save(first, hotline.connecting(first.saved, agenda.now));
    counts.answered++;
    agenda.after(around(random, TALK_MS), () => {
      first.at = "away";
      ended(first);
      work();
    });
  }

  function nextCaller(index: number) {
    if (index >= options.calls) return;
    const id = random.hex(32);
    const live: Live = {
      saved: arrive(id, agenda.now),
      arrivedAt: agenda.now,
      at: "queue",
      visit: 0,
      endedBy: null,
      invited: false,
      message: "none",
      atHangUp: "none",
      failureTold: false,
      promised: false,
      onMessenger: random.chance(0.9),
      pressedAt: null,
      disturbed: false,
    };
    lives.push(live);
    counts.calls++;
    request(live, "waiting");
    agenda.after(around(random, PATIENCE_MS), () => giveUp(live));
    agenda.after(around(random, ARRIVALS_MS), () => nextCaller(index + 1));
  }

  nextCaller(0);
  for (let i = 0; i < options.operators; i++) agenda.after(around(random, 5000), work);
  agenda.run();
  for (const live of lives) judge(live, counts, options.commitLevel);
}
