import { describe, expect, it } from "vitest";
import { en } from "../../web/src/i18n/en.ts";
import { ru } from "../../web/src/i18n/ru.ts";
import { turnOf } from "../../web/src/simulator/turn.ts";
import type { TurnName } from "../../web/src/simulator/types.ts";
import { logged, logOf, simulator } from "./states.ts";

const TURNS: TurnName[] = [
  "dial",
  "wait-offer",
  "press-1",
  "wait-receipt",
  "write",
  "tap",
  "rate",
  "done",
  "stay",
  "take-call",
  "wait-call",
  "pick-up",
];

describe("your turn", () => {
  it.each(TURNS)("has words in both languages for %s", (yourTurn) => {
    const turn = turnOf(simulator({ yourTurn }));

    expect(en.simulator.turn.words(turn)).toMatch(/\w/);
    expect(ru.simulator.turn.words(turn)).toMatch(/[а-я]/);
  });

  it("points at the phone to press 1 and at the messenger to write", () => {
    expect(turnOf(simulator({ yourTurn: "press-1" })).place).toBe("phone");
    expect(turnOf(simulator({ yourTurn: "write" })).place).toBe("messenger");
  });

  it("sends the visitor to the inbox when the caller waits for a person", () => {
    const steps = logOf("bot.answered", "chat.handed-over", "chat.assigned");

    expect(turnOf(simulator({ yourTurn: "write", steps }))).toEqual({ name: "answer", place: "inside" });
  });

  it("gives the turn back to the caller once the operator has replied", () => {
    const steps = logOf("chat.handed-over", "chat.assigned", "chat.operator-replied");

    expect(turnOf(simulator({ yourTurn: "write", steps })).name).toBe("write");
  });

  it("stays with the caller when the chat went back to the bot", () => {
    const steps = [...logOf("chat.handed-over", "chat.assigned"), logged("chat.transferred", { to: "bot" }, 9000)];

    expect(turnOf(simulator({ yourTurn: "tap", steps })).name).toBe("tap");
  });
});
