import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { instant, type ConversationId, type OperatorId } from "#kit";
import { assign, type Candidate, type Waiting } from "../../../src/chat/core/assignment.ts";
import { tryAgainAt } from "../../../src/chat/core/backoff.ts";
import { MESSAGE_STATUSES, further } from "../../../src/chat/core/delivery.ts";
import { localeOfText } from "../../../src/chat/core/inbound.ts";
import { invitePayload, readPayload } from "../../../src/chat/core/payload.ts";
import { chatWait } from "../../../src/chat/core/wait.ts";

describe("a delivery status", () => {
  it("ends the same whatever the order and however often it is told", () => {
    const statuses = fc.array(fc.constantFrom(...MESSAGE_STATUSES), { minLength: 1 });
    fc.assert(
      fc.property(statuses, fc.func(fc.nat()), (told, mix) => {
        const shuffled = [...told, ...told].sort((a, b) => mix(a) - mix(b));
        expect(shuffled.reduce(further)).toBe(told.reduce(further));
      }),
    );
  });

  it("lets a failure win over sent, and an arrival over a failure", () => {
    expect(further("sent", "failed")).toBe("failed");
    expect(further("failed", "delivered")).toBe("delivered");
    expect(further("delivered", "failed")).toBe("delivered");
  });
});

describe("assignment", () => {
  const anna: Candidate = {
    id: "anna" as OperatorId,
    languages: ["ru"],
    capacity: 2,
    load: 0,
    openChats: 0,
    unanswered: 0,
    lastAssignedAt: null,
  };
  const boris: Candidate = { ...anna, id: "boris" as OperatorId, languages: ["ru", "en"] };
  const waiting = (n: number, more: Partial<Waiting> = {}): Waiting => ({
    conversationId: `c${n}` as ConversationId,
    locale: "ru",
    lastOperator: null,
    ...more,
  });
  const who = (queue: Waiting[], people: Candidate[]) =>
    assign(queue, people).map(({ operatorId, reason }) => `${operatorId} ${reason}`);

  it("asks whoever spoke with the customer last, unless they have no room", () => {
    expect(who([waiting(1, { lastOperator: boris.id })], [anna, { ...boris, unanswered: 1, load: 1 }])).toEqual([
      "boris last-operator",
    ]);
    expect(who([waiting(1, { lastOperator: boris.id })], [anna, { ...boris, load: 2 }])).toEqual([
      "anna fewest-unanswered",
    ]);
  });

  it("prefers the fewest unanswered, then the fewest chats, then the longest pause", () => {
    expect(
      who(
        [waiting(1)],
        [
          { ...anna, unanswered: 1, load: 1 },
          { ...boris, openChats: 5 },
        ],
      ),
    ).toEqual(["boris fewest-unanswered"]);
    expect(
      who(
        [waiting(1)],
        [
          { ...anna, openChats: 2 },
          { ...boris, openChats: 1 },
        ],
      ),
    ).toEqual(["boris fewest-unanswered"]);
    expect(
      who(
        [waiting(1)],
        [
          { ...anna, lastAssignedAt: instant(9) },
          { ...boris, lastAssignedAt: instant(5) },
        ],
      ),
    ).toEqual(["boris fewest-unanswered"]);
  });

  it("prefers the customer's language, and another one to nobody", () => {
    expect(who([waiting(1, { locale: "en" })], [anna, { ...boris, unanswered: 1 }])).toEqual([
      "boris fewest-unanswered",
    ]);
    expect(who([waiting(1, { locale: "en" })], [anna])).toEqual(["anna other-language"]);
  });

  it("serves in order and never beyond anybody's capacity", () => {
    const made = assign(
      [1, 2, 3, 4, 5, 6].map((n) => waiting(n)),
      [anna, boris],
    );

    expect(made.map(({ conversationId }) => conversationId)).toEqual(["c1", "c2", "c3", "c4"]);
    expect(made.filter(({ operatorId }) => operatorId === anna.id)).toHaveLength(2);
  });
});

describe("small rules of the chat", () => {
  it("reads back the token of an invite's button, also behind a choice with a bar in it", () => {
    expect(readPayload(invitePayload("intent:returns", "tok_1-x"))).toEqual({
      choice: "intent:returns",
      token: "tok_1-x",
    });
    expect(readPayload("a|b|tok")).toEqual({ choice: "a|b", token: "tok" });
    expect(readPayload("csat:5")).toEqual({ choice: "csat:5", token: null });
  });

  it("guesses the language by the letters", () => {
    expect(localeOfText("где заказ iPhone", "en")).toBe("ru");
    expect(localeOfText("where is it", "ru")).toBe("en");
    expect(localeOfText("123 ?", "en")).toBe("en");
    expect(localeOfText("Тапсырысым қайда?", "ru")).toBe("kk");
    expect(localeOfText("тапсырыс кайда", "kk")).toBe("kk");
    expect(localeOfText("де моє замовлення, привіт", "ru")).toBe("ru");
  });

  it("tries a busy provider again later and later, but at least every five minutes", () => {
    const waits = [1, 2, 3, 9, 20].map((attempt) => tryAgainAt(instant(0), 2000, attempt));
    expect(waits).toEqual([2000, 4000, 8000, 300_000, 300_000]);
    expect(tryAgainAt(instant(0), 600_000, 1)).toBe(600_000);
  });

  it("expects no wait while a slot is free, and whole rounds afterwards", () => {
    expect(chatWait({ slots: 4, taken: 3, waiting: 0 }, 240)).toBe(0);
    expect(chatWait({ slots: 4, taken: 4, waiting: 0 }, 240)).toBe(60);
    expect(chatWait({ slots: 4, taken: 4, waiting: 7 }, 240)).toBe(480);
    expect(chatWait({ slots: 0, taken: 0, waiting: 0 }, 240)).toBe(0);
  });
});
