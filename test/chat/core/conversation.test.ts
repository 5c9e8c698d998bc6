import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Turn } from "#bot";
import { hours, instant, millis, seconds, type OperatorId } from "#kit";
import type { Said } from "../../../src/chat/core/burst.ts";
import {
  dueAt,
  opened,
  step,
  type Conversation,
  type ConversationEvent,
  type Effect,
  type Rules,
} from "../../../src/chat/core/conversation.ts";

const RULES: Rules = {
  quiet: seconds(2),
  most: seconds(8),
  lease: millis(4500),
  freeTextWindow: hours(24),
  ratingWindow: hours(24),
};
const anna = "anna" as OperatorId;
const boris = "boris" as OperatorId;

const turn = (more: Partial<Turn> = {}): Turn => ({
  language: "en",
  text: "here you are",
  choices: [],
  memory: null,
  guesses: [],
  handOff: null,
  finished: false,
  callMe: false,
  ...more,
});
const said = (text: string, choice: string | null = null) => ({ text, choice, media: false });
const wrote = (at: number, text = "hello", choice: string | null = null): ConversationEvent => ({
  kind: "customer-wrote",
  at: instant(at),
  wroteAt: instant(at),
  said: said(text, choice),
});
const ended = (at: number): ConversationEvent => ({ kind: "burst-ended", at: instant(at) });
const turned = (at: number, burst: number, more: Partial<Turn> = {}): ConversationEvent => ({
  kind: "bot-turned",
  at: instant(at),
  burst,
  turn: turn(more),
});
const replied = (at: number, operatorId = anna): ConversationEvent => ({
  kind: "operator-replied",
  at: instant(at),
  operatorId,
});
const lost = (at: number): ConversationEvent => ({
  kind: "words-lost",
  at: instant(at),
  saidAt: instant(at - 100),
});
const closed = (at: number): ConversationEvent => ({ kind: "closed", at: instant(at), by: anna, outcome: "resolved" });

/** The chat opened, or the own number shared: nothing was said. */
const opensOrShares = (at: number, more: Partial<Said>): ConversationEvent => ({
  kind: "customer-wrote",
  at: instant(at),
  wroteAt: instant(at),
  said: { text: "", choice: null, media: false, ...more },
});

function play(events: ConversationEvent[], from: Conversation = opened()) {
  const effects: Effect[] = [];
  let state = from;
  for (const event of events) {
    const next = step(state, event, RULES);
    state = next.state;
    effects.push(...next.effects);
  }
  const did = effects.map((effect) => (effect.do === "record" ? effect.kind : effect.do));
  return { state, effects, did };
}

describe("a conversation", () => {
  it("asks the bot once for a burst, two seconds after its last message", () => {
    const { state } = play([wrote(0), wrote(1500), ended(2000)]);
    expect(dueAt(state, RULES)).toBe(3500);

    const { effects } = play([wrote(0, "one"), wrote(1500, "two"), ended(3500), ended(3500)]);
    expect(effects).toMatchObject([{ do: "ask-bot", burst: { n: 1, said: [{ text: "one" }, { text: "two" }] } }]);
  });

  it("answers at the latest eight seconds after a burst began", () => {
    const { state } = play([wrote(0), wrote(1900), wrote(3800), wrote(5700), wrote(7600)]);

    expect(dueAt(state, RULES)).toBe(8000);
  });

  it("keeps what comes while the bot thinks for the next burst", () => {
    const { state, did } = play([wrote(0), ended(2000), wrote(2100), turned(2500, 1), ended(4100)]);

    expect(did).toEqual(["ask-bot", "answer", "bot.answered", "ask-bot"]);
    expect(state).toMatchObject({ owner: "bot", burst: { n: 2 } });
  });

  it("asks again when nobody has heard from whoever asked the bot", () => {
    const { did } = play([wrote(0), ended(2000), ended(6400), ended(6500)]);

    expect(did).toEqual(["ask-bot", "ask-bot"]);
  });

  it("drops the bot's answer when a human has spoken meanwhile", () => {
    const { state, did } = play([wrote(0), ended(2000), replied(2500), turned(2600, 1)]);

    expect(state).toMatchObject({ owner: "operator", operatorId: anna, waitingSince: null });
    expect(did).not.toContain("answer");
  });

  it("hands over when the bot fails, and says so in one message", () => {
    const { state, effects, did } = play([wrote(0), ended(2000), { kind: "bot-failed", at: instant(5000), burst: 1 }]);

    expect(state).toMatchObject({ owner: "queue", since: 5000, waitingSince: 0 });
    expect(did).toEqual(["ask-bot", "answer", "chat.handed-over", "seek-operator"]);
    expect(effects).toContainEqual({ do: "record", kind: "chat.handed-over", data: { because: "bot-failed" } });
  });

  it("hands over when the bot's words may never have arrived: the customer waits since they were said", () => {
    const { state, effects, did } = play([wrote(0), ended(2000), turned(2100, 1), lost(9000), lost(9000)]);

    expect(state).toMatchObject({ owner: "queue", since: 9000, waitingSince: 8900 });
    expect(did.slice(-4)).toEqual(["note", "answer", "chat.handed-over", "seek-operator"]);
    expect(effects).toContainEqual({ do: "record", kind: "chat.handed-over", data: { because: "delivery-unknown" } });
  });

  it("stays where it is when words of the robot's are lost and people have the floor, or it is over", () => {
    const byPerson = play([wrote(0), replied(1000)]).state;
    const over = play([wrote(0), replied(1000), closed(2000)]).state;

    expect(play([lost(9000)], byPerson)).toMatchObject({ state: byPerson, effects: [] });
    expect(play([lost(9000)], over)).toMatchObject({ state: over, effects: [] });
  });

  it("gives the bot everything unanswered when it is returned to the bot", () => {
    const { state } = play([
      wrote(0, "where is it"),
      ended(2000),
      turned(2100, 1, { handOff: { because: "asked-for-person" } }),
      wrote(3000, "hello?"),
      { kind: "returned-to-bot", at: instant(4000), by: anna },
    ]);

    expect(state).toMatchObject({ owner: "bot", burst: { said: [{ text: "where is it" }, { text: "hello?" }] } });
    expect(dueAt(state, RULES)).toBe(6000);
  });

  it("leaves the operator's floor alone when a late sweep assigns it", () => {
    const late: ConversationEvent = {
      kind: "assigned",
      at: instant(3000),
      operatorId: boris,
      reason: "fewest-unanswered",
    };

    expect(play([wrote(0), replied(1000), late]).state).toMatchObject({ operatorId: anna });
  });

  describe("after closing", () => {
    it("asks for a rating about whoever served, and only while free text may be sent", () => {
      expect(play([wrote(0), replied(1000), closed(2000)]).effects).toContainEqual({
        do: "ask-rating",
        about: "operator",
        operatorId: anna,
      });
      expect(play([wrote(0), ended(2000), turned(2100, 1, { finished: true })]).effects).toContainEqual({
        do: "ask-rating",
        about: "bot",
        operatorId: null,
      });
      expect(play([wrote(0), replied(1000), closed(hours(24))]).did).not.toContain("ask-rating");
      expect(play([wrote(0), closed(2000)]).did).not.toContain("ask-rating");
    });

    it.each([
      ["5", 5, null],
      [" 4 ", 4, null],
      ["3️⃣", 3, null],
      ["2, долго ждал", 2, "долго ждал"],
      ["1 ничего не решили", 1, "ничего не решили"],
    ])("reads %j as a rating", (text, score, comment) => {
      const { state, effects } = play([wrote(0), replied(1000), closed(2000), wrote(3000, text)]);

      expect(effects).toContainEqual({ do: "rate", of: null, about: "operator", operatorId: anna, score, comment });
      expect(effects).not.toContainEqual(expect.objectContaining({ do: "open-next" }));
      expect(state.owner).toBe("closed");
    });

    it.each(["15", "5шт", "0", "6", "заказ 5"])("does not read %j as a rating", (text) => {
      const { did } = play([wrote(0), replied(1000), closed(2000), wrote(3000, text)]);

      expect(did).toContain("open-next");
    });

    it("takes a tap, then words without a question as the comment, then opens a new conversation", () => {
      const first = play([wrote(0), replied(1000), closed(2000), wrote(3000, "5 — excellent", "csat:5")]);
      const second = play([wrote(4000, "very kind people")], first.state);
      const third = play([wrote(5000, "one more thing")], second.state);

      expect(first.did).toContain("rate");
      expect(second.did).toEqual(["comment", "tell"]);
      expect(third.did).toEqual(["open-next"]);
      expect(play([wrote(4000, "and where is my order?")], first.state).did).toEqual(["open-next"]);
    });

    it("takes a score for an ordinary message when the window has passed", () => {
      expect(play([wrote(0), replied(1000), closed(2000), wrote(hours(25), "5")]).did).toContain("open-next");
    });

    it("still counts a late tap when a new conversation has begun", () => {
      const before = {
        conversationId: "before" as never,
        about: "bot" as const,
        operatorId: null,
        until: instant(9000),
      };
      const { did, state } = play([wrote(1000, "4 — good", "csat:4"), wrote(2000, "again", "csat:1")], opened(before));

      expect(did).toEqual(["rate", "tell"]);
      expect(state).toMatchObject({ owner: "bot", burst: null });
    });
  });
});

describe("a customer who blocks us", () => {
  const blocked: ConversationEvent = { kind: "blocked", at: instant(9000) };

  it("leaves the bot and the queue; nothing is asked, and it is no closing", () => {
    for (const before of [
      [wrote(0)],
      [wrote(0), ended(2000), { kind: "bot-failed", at: instant(5000), burst: 1 } as const],
    ]) {
      const { state, effects } = play([...before, blocked]);
      expect(state).toMatchObject({ owner: "closed", rating: { kind: "not-asked" }, waitingSince: null });
      expect(effects.filter((effect) => effect.do === "ask-rating")).toEqual([]);
      expect(effects).toContainEqual({ do: "record", kind: "chat.left", data: { because: "blocked" } });
      expect(effects.filter((effect) => effect.do === "record" && effect.kind === "chat.closed")).toEqual([]);
    }
  });

  it("stays with the operator who has the conversation", () => {
    expect(play([wrote(0), replied(3000), blocked]).state).toMatchObject({ owner: "operator", operatorId: anna });
  });

  it("begins anew by writing again", () => {
    expect(play([wrote(0), blocked, wrote(20_000)]).did).toContain("open-next");
  });
});

describe("a shared number", () => {
  const shared = opensOrShares(5000, { phone: true });

  it("is thanked for by the robot and disturbs no burst", () => {
    const { state, did } = play([wrote(4000), shared]);
    expect(did).toEqual(["tell"]);
    expect(state).toMatchObject({ owner: "bot", burst: { said: [{ text: "hello" }] }, heardAt: 5000 });
  });

  it("is only shown where a person goes on", () => {
    const { state, did } = play([wrote(0), replied(3000), shared]);
    expect(did.filter((what) => what === "tell")).toEqual([]);
    expect(state).toMatchObject({ owner: "operator", waitingSince: 5000 });
  });
});

/** Any event at any moment, with bursts and operators that may or may not exist. */
const anyEvent = (at: number): fc.Arbitrary<ConversationEvent> => {
  const now = instant(at);
  const by = fc.constantFrom(anna, boris);
  const burst = fc.integer({ min: 1, max: 4 });
  return fc.oneof(
    fc.constantFrom("hello", "5", "2 bad", "?").map((text) => wrote(at, text)),
    fc.constant(wrote(at, "five", "csat:5")),
    fc.constant(ended(at)),
    fc
      .tuple(burst, fc.boolean(), fc.boolean())
      .map(([n, finished, hand]) => turned(at, n, { finished, handOff: hand ? { because: "low-confidence" } : null })),
    burst.map((n): ConversationEvent => ({ kind: "bot-failed", at: now, burst: n })),
    by.map((operatorId): ConversationEvent => ({ kind: "assigned", at: now, operatorId, reason: "fewest-unanswered" })),
    by.map((operatorId) => replied(at, operatorId)),
    by.map((operatorId): ConversationEvent => ({ kind: "operator-noted", at: now, operatorId })),
    by.map((to): ConversationEvent => ({ kind: "transferred", at: now, by: anna, to })),
    fc.constant<ConversationEvent>({ kind: "transferred", at: now, by: null, to: "queue" }),
    by.map((id): ConversationEvent => ({ kind: "returned-to-bot", at: now, by: id })),
    fc.constant(closed(at)),
    fc.constant(lost(at)),
    fc.constant<ConversationEvent>({ kind: "blocked", at: now }),
    fc.constantFrom<Partial<Said>>({ phone: true }, { start: true }).map((said) => opensOrShares(at, said)),
  );
};

const story = fc.array(fc.integer({ min: 0, max: 5000 }), { maxLength: 40 }).chain((gaps) => {
  let at = 0;
  return fc.tuple(...gaps.map((gap) => anyEvent((at += gap))));
});

describe("for every order, doubling and loss of events, a conversation", () => {
  it("answers each burst at most once, and never after a human's word", () => {
    fc.assert(
      fc.property(story, (events) => {
        let state = opened();
        const answered = new Set<number>();
        for (const event of events) {
          const before = state;
          const next = step(state, event, RULES);
          state = next.state;
          if (!next.effects.some((effect) => effect.do === "answer")) continue;
          expect(before.owner).toBe("bot");
          if (event.kind === "words-lost") continue;
          const n = (event as { burst: number }).burst;
          expect(answered.has(n)).toBe(false);
          answered.add(n);
        }
      }),
      { numRuns: 3000 },
    );
  });

  it("never leaves a customer waiting for a bot that has nothing planned", () => {
    fc.assert(
      fc.property(story, (events) => {
        const { state } = play(events);
        if (state.owner === "bot" && state.waitingSince !== null) expect(dueAt(state, RULES)).not.toBeNull();
        if (state.owner === "bot" && state.unanswered.length > 0) expect(state.burst).not.toBeNull();
      }),
      { numRuns: 3000 },
    );
  });

  it("asks for the rating at most once and takes at most one score", () => {
    fc.assert(
      fc.property(story, (events) => {
        const { effects } = play(events);
        expect(effects.filter((effect) => effect.do === "ask-rating").length).toBeLessThanOrEqual(1);
        expect(effects.filter((effect) => effect.do === "rate").length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 3000 },
    );
  });

  it("is left as it is by the same answer, failure, loss, closing or reply told twice", () => {
    fc.assert(
      fc.property(story, fc.integer({ min: 1, max: 4 }), (events, n) => {
        const { state } = play(events);
        for (const event of [
          turned(300_000, n),
          { kind: "bot-failed", at: instant(300_000), burst: n } as const,
          lost(300_000),
          closed(300_000),
          replied(300_000),
          { kind: "blocked", at: instant(300_000) } as const,
        ]) {
          const once = step(state, event, RULES).state;
          const twice = step(once, event, RULES);
          expect(twice.state).toEqual(once);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
