import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ChannelEvent } from "../../src/chat/channel.ts";
import { createClient } from "../../src/chat/channels/telegram/client.ts";
import { sendOutcome } from "../../src/chat/channels/telegram/outcome.ts";
import { recordedErrors } from "../support/telegram-spec.ts";
import { BOT, createStand, OTHER, PERSON, PUBLIC, type Stand } from "./stand.ts";

const text = { kind: "text", text: "Здравствуйте" } as const;
const TO = { account: "777000", id: String(PERSON) };

let stand: Stand;
beforeEach(async () => {
  stand = await createStand();
  stand.connect({});
});
afterEach(() => stand.close());

const person = () => stand.telegram.person(PERSON);

describe("a send", () => {
  beforeEach(() => void person().start());

  it("that was accepted proves that it lies in the chat, and nothing more", async () => {
    const outcome = await stand.send(text);

    const { id } = person().inbox[0]!;
    expect(outcome).toEqual({ kind: "accepted", providerId: `777000:${PERSON}:${id}`, proves: "sent" });
    expect(person().inbox.map((message) => message.text)).toEqual(["Здравствуйте"]);
  });

  it("to somebody who has blocked the bot is refused until they write again", async () => {
    person().block();
    expect(await stand.send(text)).toMatchObject({ kind: "refused", because: "opted-out", code: "403", blocked: true });
  });

  it("to nobody is refused for good", async () => {
    expect(await stand.send(text, "1")).toMatchObject({ kind: "refused", because: "not-here", code: "400" });
    stand.telegram.person(5151);
    expect(await stand.send(text, "5151")).toMatchObject({ kind: "refused", because: "not-here", code: "403" });
    person().change({ deactivated: true });
    expect(await stand.send(text)).toMatchObject({ kind: "refused", because: "not-here" });
  });

  it("that comes too fast waits as long as Telegram says", async () => {
    Object.assign(stand.telegram.faults.api, { status: 429, retryAfter: 14 });
    expect(await stand.send(text)).toEqual({ kind: "busy", retryAfterMs: 14_000 });
  });

  it("of which nobody heard the answer is unclear and never repeated by itself", async () => {
    stand.telegram.faults.api.cutAfterAccept = true;
    expect(await stand.send(text)).toMatchObject({ kind: "unclear" });
    expect(person().inbox).toHaveLength(1);

    stand.telegram.clearFaults();
    stand.telegram.faults.api.status = 502;
    expect(await stand.send(text)).toMatchObject({ kind: "unclear", words: "502: Bad Gateway" });

    stand.telegram.clearFaults();
    stand.telegram.faults.api.delayMs = 20_000;
    const slow = stand.send(text);
    await stand.pass(5000);
    expect(await slow).toEqual({ kind: "unclear", words: "no answer in time" });
    expect(stand.telegram.sent).toHaveLength(2);
  });

  it("that never left is tried again", async () => {
    stand.telegram.faults.api.down = true;
    expect(await stand.send(text)).toEqual({ kind: "busy", retryAfterMs: 2000 });
    stand.telegram.faults.api.down = false;
  });

  it("with a wrong token is an alarm", async () => {
    stand.connect({ token: "777000:AAE-some-other-secret" });
    expect(await stand.send(text)).toMatchObject({ kind: "busy", alarm: "401: Unauthorized" });
  });

  it("from a bot that is gone is refused in words", async () => {
    expect(await stand.send(text, String(PERSON), "999")).toMatchObject({ kind: "refused", because: "not-allowed" });
  });
});

describe("what the answers of the Bot API mean", () => {
  it.each(Object.entries(recordedErrors))("%s", (_name, { error_code: code, description: words, parameters }) => {
    const retryAfterMs = parameters?.retry_after === undefined ? null : parameters.retry_after * 1000;
    const outcome = sendOutcome({ kind: "refused", code, words, retryAfterMs }, TO);

    expect(outcome).toMatchObject(
      {
        429: { kind: "busy", retryAfterMs: 14_000 },
        403: { kind: "refused", because: "not-here" },
        400: { kind: "refused", because: "invalid" },
      }[code]!,
    );
  });

  it.each([
    [400, "Bad Request: can't parse entities: Can't find end tag", { kind: "refused", because: "invalid" }],
    [400, "Bad Request: not enough rights to send text messages", { kind: "refused", because: "not-allowed" }],
    [403, "Forbidden: something nobody wrote down", { kind: "refused", because: "not-allowed" }],
    [404, "Not Found", { kind: "busy", alarm: "404: Not Found" }],
    [500, "Internal Server Error", { kind: "unclear" }],
  ])("%i %s", (code, words, meaning) => {
    expect(sendOutcome({ kind: "refused", code, words, retryAfterMs: null }, TO)).toMatchObject(meaning);
  });

  it("a success without a number is unclear", () => {
    expect(sendOutcome({ kind: "done", result: true }, TO)).toMatchObject({ kind: "unclear" });
  });
});

describe("something that is not Telegram", () => {
  let server: Server;
  let answer: { status: number; body: string };
  beforeEach(async () => {
    server = createServer((_request, response) => response.writeHead(answer.status).end(answer.body));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const ask = async () => {
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const client = createClient({ baseUrl, timeoutMs: 5000 }, stand.clock);
    const reply = await client.call(BOT.token, (api) => api.sendMessage({ chat_id: PERSON, text: "x" }));
    client.close();
    return sendOutcome(reply, TO);
  };

  it("is an alarm, or unclear when it may have passed the message on", async () => {
    answer = { status: 404, body: "<html>nginx</html>" };
    expect(await ask()).toMatchObject({ kind: "busy", alarm: "HTTP 404 that is not Telegram's" });
    answer = { status: 502, body: "<html>nginx</html>" };
    expect(await ask()).toMatchObject({ kind: "unclear" });
    answer = { status: 200, body: "[]" };
    expect(await ask()).toMatchObject({ kind: "busy", alarm: "HTTP 200 that is not Telegram's" });
  });

  it("may not flood us", async () => {
    answer = { status: 200, body: `"${"x".repeat(5 * 1024 * 1024)}"` };
    expect(await ask()).toMatchObject({ kind: "unclear" });
  });
});

describe("courtesies", () => {
  beforeEach(() => void person().start());

  it("show that an answer is being written", async () => {
    const { channel } = stand.messenger;
    await channel.acknowledge({ account: "777000", providerId: `777000:${PERSON}:1`, typing: true });
    expect(person().typing).toBe(true);
    await stand.pass(5000);
    expect(person().typing).toBe(false);
  });

  it("end the spinner of a tapped button as soon as the tap is stored", async () => {
    await stand.introduce();
    await stand.send({ kind: "buttons", text: "?", choices: [{ id: "yes", title: "Да" }] });
    const updates: ChannelEvent[] = [];
    stand.telegram.onUpdate((update) => {
      const webhook = {
        headers: secretHeader(),
        query: {},
        account: "777000",
        rawBody: Buffer.from(JSON.stringify(update)),
      };
      updates.push(...(stand.messenger.channel.read(webhook) ?? []));
    });
    person().tap(person().inbox[0]!.id, "Да");
    expect(person().spinning).toBe(true);

    stand.messenger.channel.stored!(updates);
    await stand.pass(0);
    expect(person().spinning).toBe(false);
    stand.messenger.channel.stored!(updates);
    await stand.pass(0);
  });
});

const secretHeader = () => {
  const { secret } = stand.telegram.bots[0]!.hook!;
  return { "x-telegram-bot-api-secret-token": secret! };
};

describe("connecting a bot", () => {
  it("tells Telegram where its updates go, and what we want to hear of", async () => {
    await stand.introduce();

    expect(stand.telegram.bots[0]).toMatchObject({
      hook: { url: `${PUBLIC}/channels/telegram/777000/webhook`, secret: expect.stringMatching(/^[\w-]{43}$/) },
      allowed: ["message", "edited_message", "callback_query", "my_chat_member"],
    });
    expect(stand.messenger.channel.link!("777000", "t0ken")).toBe("https://t.me/kubik_bot?start=t0ken");
    expect(await stand.introduce()).toBe(0);
  });

  it("is tried again, later each time, until it is taken", async () => {
    stand.telegram.faults.api.status = 500;
    await stand.introduce();
    expect(stand.messenger.channel.link!("777000", "t0ken")).toBeNull();
    const pauses: number[] = [];
    for (let count = 0; count < 3; count += 1) {
      const due = (await stand.messenger.pump.nextDueAt())!;
      pauses.push(due - stand.clock.now());
      await stand.pass(due - stand.clock.now());
      await stand.introduce();
    }
    expect(pauses).toEqual([2000, 4000, 8000]);

    stand.telegram.clearFaults();
    await stand.pass(16_000);
    await stand.introduce();
    expect(stand.telegram.bots[0]!.hook).not.toBeNull();
    expect(await stand.messenger.pump.nextDueAt()).toBeNull();
  });

  it("takes webhooks of the bot whose secret they carry, and of no other", async () => {
    stand.connect({ webhookSecret: "first-secret" }, { token: OTHER.token, webhookSecret: "second-secret" });
    const { channel } = stand.messenger;
    const webhook = (secret: string | undefined, account: string | null) => ({
      headers: secret === undefined ? {} : { "x-telegram-bot-api-secret-token": secret },
      query: {},
      rawBody: Buffer.from('{"update_id":1}'),
      account,
    });

    expect(channel.accounts()).toEqual(["777000", "888000"]);
    expect(channel.isGenuine(webhook("first-secret", "777000"))).toBe(true);
    expect(channel.isGenuine(webhook("second-secret", "777000"))).toBe(false);
    expect(channel.isGenuine(webhook(undefined, "777000"))).toBe(false);
    expect(channel.isGenuine(webhook("", null))).toBe(false);
    expect(channel.read(webhook("second-secret", null))).toMatchObject([{ account: "888000" }]);
  });
});

describe("trying a connection", () => {
  const check = (more = {}) =>
    stand.messenger.connections.check({
      token: BOT.token,
      webhookSecret: "",
      polling: false,
      messagesPerSecond: 30,
      ...more,
    });

  it("shows who the bot is", async () => {
    await stand.introduce();
    expect(await check()).toMatchObject({ ok: true, facts: { username: "kubik_bot", waiting: 0, lastError: null } });
  });

  it("says in words what is wrong", async () => {
    stand.telegram.faults.api.status = 429;
    stand.telegram.faults.api.methods = ["setWebhook"];
    expect(await check()).toMatchObject({
      ok: false,
      sentence: expect.stringMatching(/does not send updates to .*: "Too Many Requests: retry after 14"/),
    });
    stand.telegram.clearFaults();
    expect(await check()).toMatchObject({ ok: true });
    person().start();
    await stand.pass(100);
    expect(await check()).toMatchObject({
      ok: false,
      sentence: expect.stringContaining(
        'could not deliver updates to http://127.0.0.1:9/channels/telegram/777000/webhook: "Connection refused"; 1 wait',
      ),
    });
    expect(await check({ polling: true })).toMatchObject({ ok: false, sentence: expect.stringContaining("not here") });
    expect(await check({ token: "777000:AAE-some-other-secret" })).toMatchObject({
      ok: false,
      sentence: expect.stringContaining("Copy it again from @BotFather"),
    });
    stand.telegram.faults.api.down = true;
    expect(await check()).toMatchObject({
      ok: false,
      sentence: expect.stringContaining("did not answer at http://127.0.0.1"),
    });
    stand.telegram.faults.api.down = false;
  });
});
