import { describe, expect, it } from "vitest";
import { routeOf, type StopName } from "../../web/src/simulator/route.ts";
import type { SimulatorState } from "../../web/src/simulator/types.ts";
import { logged, logOf, simulator } from "./states.ts";

const legs = (state: SimulatorState) => routeOf(state).map((stop) => stop.leg);
const noteAt = (state: SimulatorState, name: StopName) => routeOf(state).find((stop) => stop.name === name)?.note;

describe("the caller's route", () => {
  it("is grey before the call", () => {
    expect(legs(simulator())).toEqual(["none", "none", "none", "none", "none", "none"]);
  });

  it("shows the caller's place while waiting", () => {
    const state = simulator({ phone: { state: "connected", place: 7 } });

    expect(noteAt(state, "call")).toEqual({ say: "place", place: 7 });
    expect(legs(state)[0]).toBe("voice");
  });

  it("remembers the last place after the call has ended", () => {
    const steps = [logged("call.waiting", { place: 8 }), logged("call.waiting", { place: 7 }, 1000)];

    expect(noteAt(simulator({ phone: { state: "ended" }, steps }), "call")).toEqual({ say: "place", place: 7 });
  });

  it("colours the messenger only from the moment something happens there", () => {
    expect(legs(simulator({ steps: logOf("offer.made", "deflection.accepted") }))[2]).toBe("none");
    expect(legs(simulator({ steps: logOf("deflection.accepted", "invite.sending") }))[2]).toBe("whatsapp");
  });

  it("counts the delivery time from the press", () => {
    const steps = [logged("deflection.accepted", {}, 1000), logged("invite.delivered", {}, 2800)];

    expect(noteAt(simulator({ steps }), "messenger")).toEqual({ say: "delivered-in", ms: 1800 });
  });

  it("says that the place is kept when the message does not arrive", () => {
    const state = simulator({
      steps: logOf("deflection.accepted", "invite.accepted", "invite.failed", "deflection.kept"),
    });

    expect(noteAt(state, "messenger")).toEqual({ say: "place-kept" });
    expect(legs(state)[2]).toBe("none");
  });

  it("says nothing about a message when the offer was not taken", () => {
    const steps = [...logOf("offer.made"), logged("deflection.kept", { because: "silent" }, 9000)];

    expect(noteAt(simulator({ steps }), "offer")).toEqual({ say: "unanswered" });
    expect(noteAt(simulator({ steps }), "messenger")).toEqual({ say: "with-receipt" });
  });

  it("reaches the operator by telephone without passing the messenger", () => {
    const state = simulator({ phone: { state: "connected", talkingTo: "Olga" }, steps: logOf("call.connected") });

    expect(legs(state)).toEqual(["voice", "none", "none", "none", "operator", "none"]);
  });

  it("ends with the score", () => {
    const steps = [...logOf("bot.answered", "chat.closed", "rating.asked"), logged("rating.given", { score: 5 }, 9000)];

    expect(noteAt(simulator({ steps }), "rating")).toEqual({ say: "score", score: 5 });
  });
});
