import { describe, expect, it } from "vitest";
import { instant, seconds } from "#kit";
import {
  dueAt,
  step,
  type CommitLevel,
  type Deflection,
  type DeflectionEvent,
} from "../../src/router/core/deflection.ts";

const START = instant(1_000_000);
const ACCEPT: DeflectionEvent = { kind: "accepted-by-caller", mode: "move" };
const UNKNOWN: DeflectionEvent = { kind: "reach-known", reach: "unknown" };
const status = (name: "sent" | "delivered" | "read" | "failed"): DeflectionEvent => ({
  kind: "invite-status",
  status: name,
  notHere: name === "failed",
});

function play(events: DeflectionEvent[], commitLevel: CommitLevel = "delivered") {
  let state: Deflection = { at: "offered" };
  const did: string[] = [];
  for (const event of events) {
    const next = step(state, event, START, { commitLevel, patience: seconds(8), probePatience: seconds(2) });
    state = next.state;
    did.push(...next.effects.map((effect) => effect.do));
  }
  return { state, did };
}

describe("an offer to continue in a messenger", () => {
  it("ends the call only after the receipt, and the farewell is what commits it", () => {
    const { state, did } = play([
      ACCEPT,
      UNKNOWN,
      { kind: "invite-accepted" },
      status("sent"),
      status("delivered"),
      { kind: "farewell-served" },
    ]);

    expect(state).toEqual({ at: "committed", receipt: "delivered" });
    expect(did).toEqual(["probe", "send-invite", "pull-out"]);
  });

  it("does not take an accepted or sent message for a receipt", () => {
    const { state, did } = play([
      ACCEPT,
      UNKNOWN,
      { kind: "invite-accepted" },
      status("sent"),
      { kind: "farewell-served" },
    ]);

    expect(state).toMatchObject({ at: "sending", seen: "sent" });
    expect(did).not.toContain("pull-out");
  });

  it("takes read for delivered", () => {
    expect(play([ACCEPT, UNKNOWN, status("read")]).state).toEqual({ at: "leaving", receipt: "delivered" });
  });

  it("takes sent for a receipt only when the commit level says so", () => {
    expect(play([ACCEPT, UNKNOWN, status("sent")], "sent").state).toEqual({ at: "leaving", receipt: "sent" });
  });

  it("sends without waiting for a probe that is overdue", () => {
    const { state, did } = play([ACCEPT, { kind: "probe-overdue" }, { kind: "reach-known", reach: "not-here" }]);

    expect(state.at).toBe("sending");
    expect(did.filter((effect) => effect === "send-invite")).toHaveLength(1);
  });

  it("counts the patience from the key press, the probe included", () => {
    expect(dueAt(play([ACCEPT]).state)).toBe(START + 2000);
    expect(dueAt(play([ACCEPT, UNKNOWN]).state)).toBe(START + 8000);
  });

  it("keeps a caller who is not on the messenger, before and after sending", () => {
    expect(play([ACCEPT, { kind: "reach-known", reach: "not-here" }]).state).toMatchObject({
      at: "kept",
      because: "not-here",
    });
    expect(play([ACCEPT, UNKNOWN, { kind: "invite-accepted" }, status("failed")]).state).toMatchObject({
      at: "kept",
      because: "not-here",
    });
  });

  it("ignores a delivery report that arrives after the caller was returned to the queue", () => {
    const { state, did } = play([
      ACCEPT,
      UNKNOWN,
      { kind: "patience-ran-out" },
      status("delivered"),
      { kind: "farewell-served" },
    ]);

    expect(state).toMatchObject({ at: "kept", because: "too-slow" });
    expect(did).not.toContain("pull-out");
  });

  it("leaves the promised callback when the caller chooses it after the patience", () => {
    const { state, did } = play([
      ACCEPT,
      UNKNOWN,
      { kind: "patience-ran-out" },
      { kind: "callback-chosen" },
      { kind: "callback-chosen" },
    ]);

    expect(state).toEqual({ at: "owed", because: "chosen" });
    expect(did.filter((effect) => effect === "owe-callback")).toHaveLength(1);
  });

  it("lets the operator win at any time before the farewell, and tells the chat", () => {
    const waiting = play([ACCEPT, UNKNOWN, { kind: "operator-took-call" }, status("delivered")]);
    const leaving = play([
      ACCEPT,
      UNKNOWN,
      status("delivered"),
      { kind: "operator-took-call" },
      { kind: "farewell-served" },
    ]);
    const kept = play([ACCEPT, UNKNOWN, { kind: "patience-ran-out" }, { kind: "operator-took-call" }]);

    expect(waiting.state).toMatchObject({ at: "kept", because: "answered" });
    expect(leaving.state).toMatchObject({ at: "kept", because: "answered" });
    for (const { did } of [waiting, leaving, kept]) expect(did).toContain("notify-chat");
  });

  it("does nothing when the pull-out came too late: the hang-up or the operator tell by themselves", () => {
    const { state } = play([ACCEPT, UNKNOWN, status("delivered"), { kind: "pull-out-failed", how: "gone" }]);

    expect(state).toEqual({ at: "leaving", receipt: "delivered" });
  });

  it("keeps the caller when a sent message fails between the receipt and the farewell", () => {
    const { state } = play([ACCEPT, UNKNOWN, status("sent"), status("failed"), { kind: "farewell-served" }], "sent");

    expect(state).toMatchObject({ at: "kept", because: "not-here" });
  });

  it("owes a callback when a sent message fails after the farewell", () => {
    const { state, did } = play(
      [ACCEPT, UNKNOWN, status("sent"), { kind: "farewell-served" }, status("failed"), status("failed")],
      "sent",
    );

    expect(state).toEqual({ at: "owed", because: "failed-after-commit" });
    expect(did.filter((effect) => effect === "owe-callback")).toHaveLength(1);
  });

  it("does not believe a failure that comes after delivery", () => {
    const { state } = play(
      [ACCEPT, UNKNOWN, status("sent"), { kind: "farewell-served" }, status("delivered"), status("failed")],
      "sent",
    );

    expect(state).toEqual({ at: "committed", receipt: "delivered" });
  });

  it("opens the chat for a caller who hung up while the message was sent", () => {
    const { state, did } = play([ACCEPT, { kind: "caller-hung-up" }, UNKNOWN, status("delivered")]);

    expect(state).toEqual({ at: "gone", seen: "delivered" });
    expect(did).toEqual(["probe", "send-invite"]);
  });

  it("owes a callback to whoever hung up trusting a message that never goes", () => {
    expect(play([ACCEPT, UNKNOWN, { kind: "caller-hung-up" }, status("failed")]).state).toEqual({
      at: "owed",
      because: "gone-without-invite",
    });
    expect(
      play([ACCEPT, { kind: "caller-hung-up" }, { kind: "probe-overdue" }, { kind: "invite-unavailable" }]).state.at,
    ).toBe("owed");
  });

  it("never ends the call of a caller who wanted both", () => {
    const { state, did } = play([
      { kind: "accepted-by-caller", mode: "both" },
      UNKNOWN,
      status("delivered"),
      { kind: "farewell-served" },
    ]);

    expect(state).toMatchObject({ at: "kept", because: "both" });
    expect(did).not.toContain("pull-out");
  });

  it("waits on when the line to the provider broke, and gives up at once when the channel is busy", () => {
    expect(play([ACCEPT, UNKNOWN, { kind: "invite-unclear" }]).state.at).toBe("sending");
    expect(play([ACCEPT, UNKNOWN, { kind: "invite-busy" }]).state).toMatchObject({ at: "kept", because: "busy" });
  });

  it("asks again only a caller who was silent", () => {
    expect(play([{ kind: "caller-stayed-silent" }, { kind: "offered-again" }]).state).toEqual({ at: "offered" });
    expect(play([{ kind: "refused-by-caller" }, { kind: "offered-again" }]).state).toMatchObject({
      at: "kept",
      because: "refused",
    });
  });
});
