import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { minutes, newId } from "#kit";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";
import { wrote } from "../support/fake-channel.ts";
import { createStage, wipe, type Stage, type StageOptions } from "./stage.ts";

const PERSON = { handOff: { because: "asked-for-person" as const }, text: "Хорошо." };

describe("people in the chat", () => {
  let db: FreshDatabase;
  beforeAll(async () => void (db = await freshDatabase({ connections: 20 })));
  afterAll(() => db.drop());
  beforeEach(() => wipe(db));

  /** A stage whose bot hands everybody over. */
  async function withQueue(options: Partial<StageOptions> = {}): Promise<Stage> {
    const stage = await createStage({ db, settings: { CHAT_QUIET_WINDOW_MS: "0" }, ...options });
    stage.bot.answerWith(() => PERSON);
    return stage;
  }
  const reply = (text: string) => ({ text, clientId: newClientId() });

  it("hands over in one message that says the place, and the next operator who comes gets the first", async () => {
    const stage = await withQueue();
    await stage.deliver(wrote("7001", "оператор"));
    await stage.settle();
    await stage.deliver(wrote("7002", "оператор"));
    await stage.settle();
    expect(stage.channel.textsTo("7001")).toEqual(["Хорошо.\n\nЗову коллегу, вы 1-й в очереди. Напишем здесь же."]);
    expect(stage.channel.textsTo("7002")[0]).toContain("вы 2-й");
    expect((await stage.events("chat.handed-over"))[0]).toMatchObject({ data: { because: "asked-for-person" } });

    const anna = await stage.operator("Анна", { capacity: 1 });
    const waiting = await stage.as(anna).get("/conversations?view=queue");
    expect(waiting.body.conversations.map((one: any) => one.position)).toEqual([1, 2]);
    await stage.presence(anna, "online");
    await stage.settle();

    const mine = await stage.as(anna).get("/conversations?view=mine");
    expect(mine.body.conversations).toMatchObject([
      {
        owner: "operator",
        unread: 1,
        operator: { name: "Анна" },
        preview: expect.stringContaining("Хорошо"),
        locale: "ru",
      },
    ]);
    expect(await stage.events("chat.assigned")).toMatchObject([{ data: { reason: "fewest-unanswered" } }]);
  });

  it("hands over when the bot takes longer than three seconds, and ignores what it says later", async () => {
    const stage = await withQueue();
    let late: (turn: object) => void = () => {};
    stage.bot.answerWith(() => new Promise((resolve) => (late = resolve)));
    await stage.deliver(wrote("7001", "hm"));
    await stage.pump("inbox").work();
    await stage.pump("answers").work();
    stage.clock.moveTo((stage.clock.now() + 3000) as never);
    await stage.settle();
    late({ text: "too late" });
    await stage.pass(10_000);

    expect(await stage.conversations()).toMatchObject([{ owner: "queue" }]);
    expect(stage.channel.textsTo("7001")).toHaveLength(1);
    expect(await stage.events("chat.handed-over")).toMatchObject([{ data: { because: "bot-failed" } }]);
  });

  it("silences the bot with a human's word", async () => {
    const stage = await createStage({ db });
    const anna = await stage.operator("Анна");
    await stage.deliver(wrote("7001", "where is my order"));
    await stage.settle();
    const [{ id }] = (await stage.conversations()) as unknown as [{ id: string }];

    expect(await stage.as(anna).post(`/conversations/${id}/messages`, reply("I am here"))).toMatchObject({
      status: 202,
    });
    await stage.pass(20_000);

    expect(stage.channel.textsTo("7001")).toEqual(["I am here"]);
    expect(stage.bot.asked).toHaveLength(0);
    expect(await stage.conversations()).toMatchObject([
      { owner: "operator", operator_id: anna.id, due_at: null, unread: 0 },
    ]);
  });

  it("lets operators leave each other's conversations alone, and supervisors step in", async () => {
    const stage = await withQueue();
    const [anna, boris, vera] = [
      await stage.operator("Анна"),
      await stage.operator("Борис"),
      await stage.operator("Вера", { role: "supervisor" }),
    ];
    await stage.deliver(wrote("7001", "оператор"));
    await stage.settle();
    expect(await stage.as(anna).post("/conversations/take-next")).toMatchObject({ status: 200 });
    expect(await stage.as(boris).post("/conversations/take-next")).toEqual({ status: 204, body: null });
    const [{ id }] = (await stage.conversations()) as unknown as [{ id: string }];

    expect(await stage.as(boris).post(`/conversations/${id}/messages`, reply("hi"))).toMatchObject({
      status: 409,
      body: { code: "owned_by_other" },
    });
    expect(await stage.as(boris).post(`/conversations/${id}/close`)).toMatchObject({
      status: 409,
      body: { code: "owned_by_other" },
    });
    expect(await stage.as(vera).post(`/conversations/${id}/messages`, reply("hi"))).toMatchObject({ status: 202 });
    expect(await stage.conversations()).toMatchObject([{ operator_id: anna.id }]);
  });

  it("transfers to a colleague, to the queue and to the bot, which answers what is still open", async () => {
    const stage = await withQueue();
    const [anna, boris] = [await stage.operator("Анна"), await stage.operator("Борис")];
    await stage.deliver(wrote("7001", "вопрос"));
    await stage.settle();
    await stage.as(anna).post("/conversations/take-next");
    const [{ id }] = (await stage.conversations()) as unknown as [{ id: string }];
    const to = (target: object, note?: string) =>
      stage.as(anna).post(`/conversations/${id}/transfer`, { to: target, ...(note ? { note } : {}) });

    expect(await to({ operatorId: newId() })).toMatchObject({ status: 422, body: { code: "operator_not_found" } });
    expect(await to({ operatorId: boris.id }, "knows returns")).toEqual({ status: 204, body: null });
    expect(await to({ queue: true })).toMatchObject({ status: 409 });
    expect(await stage.as(boris).post(`/conversations/${id}/transfer`, { to: { queue: true } })).toMatchObject({
      status: 204,
    });
    stage.bot.answerWith(() => ({ text: "the bot again" }));
    expect(await to({ bot: true })).toMatchObject({ status: 204 });
    await stage.settle();

    expect(stage.bot.asked.at(-1)?.texts).toEqual(["вопрос"]);
    expect(stage.channel.textsTo("7001").at(-1)).toBe("the bot again");
    const full = await stage.as(anna).get(`/conversations/${id}`);
    expect(full.body.messages.map(({ author, authorName }: any) => `${author} ${authorName}`)).toEqual([
      "customer null",
      "bot null",
      "note Анна",
      "bot null",
    ]);
  });

  it("shows one conversation with its window and hides what does not exist", async () => {
    const stage = await withQueue();
    const anna = await stage.operator("Анна");
    stage.bot.answerWith(() => ({
      text: "choose",
      choices: [{ id: "yes", title: "Да" }],
      guesses: [{ intent: "returns", confidence: 0.7 }],
    }));
    await stage.deliver(wrote("7001", "вопрос", { name: "Ольга", phone: "+79161234567" as never }));
    await stage.settle();
    const [{ id }] = (await stage.conversations()) as unknown as [{ id: string }];

    const full = await stage.as(anna).get(`/conversations/${id}`);
    expect(full.status).toBe(200);
    expect(full.body).toMatchObject({
      conversation: {
        customer: { name: "Ольга", phone: "+79161234567" },
        window: { open: true, closesAt: "2026-11-22T09:00:00.000Z" },
        call: null,
        position: null,
      },
      messages: [
        { author: "customer", authorName: "Ольга", text: "вопрос", status: null },
        {
          author: "bot",
          status: "accepted",
          choices: [{ id: "yes", title: "Да" }],
          guesses: [{ intent: "returns", confidence: 0.7 }],
        },
      ],
    });
    expect(await stage.as(anna).get(`/conversations/${newId()}`)).toMatchObject({
      status: 404,
      body: { code: "conversation_not_found" },
    });
    expect(await stage.as(anna).post(`/conversations/${newId()}/notes`, reply("x"))).toMatchObject({ status: 404 });
    expect(await stage.as(anna).post(`/conversations/${newId()}/read`)).toMatchObject({ status: 404 });
    expect(await stage.as(anna).post(`/conversations/${id}/notes`, reply("vip"))).toEqual({ status: 204, body: null });
    expect(await stage.as(anna).post(`/conversations/${id}/read`)).toEqual({ status: 204, body: null });
    expect(await stage.conversations()).toMatchObject([{ unread: 0, owner: "bot" }]);
    expect((await stage.as(anna).get("/conversations?view=bot")).body.conversations).toHaveLength(1);
  });

  it("never gives anybody more than their capacity, whoever sweeps at the same time", async () => {
    const stage = await withQueue();
    const sweepers = [stage, await withQueue(), await withQueue()];
    await stage.deliver(...Array.from({ length: 30 }, (_, n) => wrote(`70${n}`, "оператор")));
    await stage.settle();
    const people = [
      await stage.operator("Анна", { capacity: 3 }),
      await stage.operator("Борис", { capacity: 4 }),
      await stage.operator("Вера", { capacity: 5 }),
    ];
    for (const person of people) await stage.presence(person, "online");
    await Promise.all(Array.from({ length: 50 }, (_, n) => sweepers[n % 3]!.pump("assignment").work()));
    await stage.settle();

    const counts = await db.query<{ n: number }>(
      "select count(*) as n from conversation where operator_id is not null group by operator_id order by 1",
    );
    expect(counts.map(({ n }) => n)).toEqual([3, 4, 5]);
    expect(await stage.events("chat.assigned")).toHaveLength(12);
  });

  it("frees a slot when a customer has been silent for ten minutes or the conversation is closed", async () => {
    const stage = await withQueue();
    const anna = await stage.operator("Анна", { capacity: 1 });
    await stage.presence(anna, "online");
    for (const from of ["7001", "7002", "7003"]) {
      await stage.deliver(wrote(from, "оператор"));
      await stage.settle();
    }
    const mine = async () => (await stage.as(anna).get("/conversations?view=mine")).body.conversations;
    const [first] = await mine();
    await stage.as(anna).post(`/conversations/${first.id}/messages`, reply("one moment"));
    await stage.settle();
    expect(await mine()).toHaveLength(1);

    await stage.pass(minutes(10) + 1000);
    expect(await mine()).toHaveLength(2);
    const second = (await mine()).find(({ id }: any) => id !== first.id);
    await stage.as(anna).post(`/conversations/${second.id}/close`, { outcome: "resolved" });
    await stage.settle();
    expect(await mine()).toHaveLength(2);
    expect((await stage.as(anna).get("/conversations?view=closed")).body.conversations).toHaveLength(1);
  });

  it("lets nobody wait for an operator who has gone home", async () => {
    const stage = await withQueue();
    const [anna, boris] = [await stage.operator("Анна"), await stage.operator("Борис")];
    await stage.presence(anna, "online");
    await stage.deliver(wrote("7001", "оператор"));
    await stage.settle();
    await stage.presence(anna, "offline");
    await stage.settle();
    expect(await stage.conversations()).toMatchObject([{ owner: "queue" }]);
    await stage.presence(boris, "online");
    await stage.settle();

    expect(await stage.conversations()).toMatchObject([{ owner: "operator", operator_id: boris.id }]);
  });
});

let clients = 0;
const newClientId = () => `018f0000-0000-4000-8000-${(++clients).toString().padStart(12, "0")}`;
