import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { hours } from "#kit";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";
import { wrote } from "../support/fake-channel.ts";
import { createStage, wipe, type Stage } from "./stage.ts";

describe("the end of a conversation", () => {
  let db: FreshDatabase;
  beforeAll(async () => void (db = await freshDatabase()));
  afterAll(() => db.drop());
  beforeEach(() => wipe(db));

  async function served(): Promise<Stage & { id: string; close(): Promise<unknown> }> {
    const stage = await createStage({ db, settings: { CHAT_QUIET_WINDOW_MS: "0" } });
    const anna = await stage.operator("Анна");
    await stage.deliver(wrote("7001", "привет"));
    await stage.settle();
    const [{ id }] = (await stage.conversations()) as unknown as [{ id: string }];
    await stage
      .as(anna)
      .post(`/conversations/${id}/messages`, { text: "готово", clientId: "018f0000-0000-4000-8000-000000000001" });
    await stage.settle();
    return {
      ...stage,
      id,
      close: () =>
        stage
          .as(anna)
          .post(`/conversations/${id}/close`, { outcome: "resolved" })
          .then(() => stage.settle()),
    };
  }
  const ratings = () => db.query("select about, score, comment from rating order by asked_at");

  it("asks for a rating once, with a list of five, and takes the tap for nothing else", async () => {
    const stage = await served();
    await stage.close();
    await stage.close();
    const asked = stage.channel.sent.at(-1)!.content;
    expect(asked).toMatchObject({
      kind: "list",
      choices: [{ id: "csat:5" }, { id: "csat:4" }, { id: "csat:3" }, { id: "csat:2" }, { id: "csat:1" }],
    });

    await stage.deliver(wrote("7001", { kind: "choice", id: "csat:4", text: "4 — хорошо" }));
    await stage.settle();

    expect(await ratings()).toEqual([{ about: "operator", score: 4, comment: null }]);
    expect(await stage.conversations()).toHaveLength(1);
    expect(stage.channel.textsTo("7001").at(-1)).toContain("Спасибо за оценку");
    expect(await stage.events("rating.given")).toMatchObject([{ data: { score: 4, about: "operator" } }]);
    expect(stage.bot.asked).toHaveLength(1);
  });

  it("takes a digit and the words after it, then opens a new conversation for whatever follows", async () => {
    const stage = await served();
    await stage.close();
    await stage.deliver(wrote("7001", "5"));
    await stage.settle();
    await stage.deliver(wrote("7001", "очень вежливо"));
    await stage.settle();
    await stage.deliver(wrote("7001", "где мой заказ?"));
    await stage.settle();

    expect(await ratings()).toEqual([{ about: "operator", score: 5, comment: "очень вежливо" }]);
    expect((await stage.conversations()).map(({ owner }) => owner)).toEqual(["closed", "bot"]);
    expect(stage.channel.textsTo("7001").at(-1)).toBe("echo: где мой заказ?");
  });

  it("asks about the bot when nobody else spoke", async () => {
    const stage = await createStage({ db, settings: { CHAT_QUIET_WINDOW_MS: "0" } });
    stage.bot.answerWith(() => ({ text: "Пожалуйста!", finished: true }));
    await stage.deliver(wrote("7001", "спасибо"));
    await stage.settle();

    expect(stage.channel.textsTo("7001")).toEqual(["Пожалуйста!", expect.stringContaining("ответы робота")]);
    expect(await stage.events("chat.closed")).toMatchObject([{ data: { by: "bot", outcome: "resolved" } }]);
    expect(await stage.events("rating.asked")).toMatchObject([{ data: { about: "bot" } }]);
  });

  it("opens a new conversation for other words, and still counts the late tap on the old question", async () => {
    const stage = await served();
    await stage.close();
    await stage.deliver(wrote("7001", "ещё вопрос"));
    await stage.settle();
    await stage.deliver(wrote("7001", { kind: "choice", id: "csat:2", text: "2 — плохо" }));
    await stage.settle();

    expect(await ratings()).toEqual([{ about: "operator", score: 2, comment: null }]);
    expect((await stage.conversations()).map(({ owner }) => owner)).toEqual(["closed", "bot"]);
    expect(stage.bot.asked).toHaveLength(2);
  });

  it("does not ask when the question could not be delivered any more", async () => {
    const stage = await served();
    stage.clock.moveTo((stage.clock.now() + hours(25)) as never);
    await stage.close();

    expect(await ratings()).toEqual([]);
    expect(await stage.conversations()).toMatchObject([{ owner: "closed" }]);
  });
});
