import { Api, GrammyError, InputFile } from "grammy";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createSettableClock, instant, later, millis, type SettableClock } from "#kit";
import { createTelegram, type Telegram } from "../../sim/telegram/index.ts";
import { isRefusal } from "../../sim/telegram/refusal.ts";
import { createApplication, type Application } from "../telegram/application.ts";
import { recordedErrors, validateCall, validateResult, validateUpdate } from "../support/telegram-spec.ts";

const BOT = { token: "777000:AAE-secret-of-the-stand-in", username: "kubik_bot", name: "Kubik & Co" };
const OTHER = { token: "888000:AAE-another", username: "other_bot", name: "Other" };
const PERSON = 4242;
const HOOK = {
  secret_token: "hook-secret",
  allowed_updates: ["message", "edited_message", "callback_query", "my_chat_member"] as const,
};

let clock: SettableClock;
let telegram: Telegram;
let api: Api;
let application: Application;
let complaints: string[];

beforeEach(async () => {
  clock = createSettableClock(instant(Date.UTC(2026, 10, 21, 9)));
  telegram = createTelegram({ clock, bots: [BOT, OTHER], seed: 7 });
  api = new Api(BOT.token, { apiRoot: await telegram.listen() });
  application = await createApplication();
  complaints = [];
  telegram.onUpdate((update) => complaints.push(...validateUpdate(update)));
  telegram.onCall((method, params, answer) => {
    if (!isRefusal(answer)) complaints.push(...validateCall(method, params), ...validateResult(method, answer));
  });
});
afterEach(async () => {
  await telegram.close();
  await application.close();
  expect(complaints).toEqual([]);
});

const person = () => telegram.person(PERSON);
const hooked = () => api.setWebhook(application.url, { ...HOOK, allowed_updates: [...HOOK.allowed_updates] });
const pass = async (ms: number) => {
  const end = later(clock.now(), millis(ms));
  await telegram.idle();
  for (let next = clock.nextTimerAt(); next !== null && next <= end; next = clock.nextTimerAt()) {
    clock.moveTo(next);
    await telegram.idle();
  }
  clock.moveTo(end);
  await telegram.idle();
};
const kinds = () => application.updates.map((update) => Object.keys(update).find((key) => key !== "update_id"));
/** What a refused call is answered. */
const refusalOf = async (call: Promise<unknown>) => {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  return error instanceof GrammyError ? `${error.error_code} ${error.description}` : error;
};

describe("people in the stand-in", () => {
  beforeEach(hooked);

  it("press Start with a payload, write, answer, edit and send files", async () => {
    const first = person().start("token-1");
    person().write("привет 👋", { replyTo: first });
    person().edit(first + 1, "привет всем");
    for (const kind of ["photo", "document", "voice", "video", "audio", "sticker", "video_note"] as const)
      person().sendMedia(kind);
    person().send({ location: { latitude: 55.75, longitude: 37.6 } });
    await pass(0);

    expect(kinds()).toEqual(["message", "message", "edited_message", ...Array.from({ length: 8 }, () => "message")]);
    expect(application.updates[0]).toMatchObject({
      message: {
        text: "/start token-1",
        entities: [{ type: "bot_command", offset: 0, length: 6 }],
        chat: { id: PERSON },
      },
    });
    expect(application.updates[1]).toMatchObject({ message: { reply_to_message: { message_id: first } } });
    expect(application.updates[2]).toMatchObject({ edited_message: { message_id: first + 1, text: "привет всем" } });
    expect(application.secrets).toEqual(Array.from({ length: 11 }, () => "hook-secret"));
  });

  it("tap buttons, and see the spinner until the tap is answered", async () => {
    person().start();
    const buttons = [[{ text: "Да", callback_data: "yes" }], [{ text: "Нет", callback_data: "no" }]];
    const { message_id: id } = await api.sendMessage(PERSON, "?", { reply_markup: { inline_keyboard: buttons } });
    person().tap(id, "Нет");
    await pass(0);
    const query = application.updates.at(-1)!["callback_query"] as { id: string; data: string };

    expect(query.data).toBe("no");
    expect(person().spinning).toBe(true);
    expect(await api.answerCallbackQuery(query.id)).toBe(true);
    expect(person().spinning).toBe(false);
    expect(await refusalOf(api.answerCallbackQuery(query.id))).toMatch(/^400 Bad Request: query is too old/);
    expect(() => person().tap(id, "Может быть")).toThrow("no button");
  });

  it("tap buttons of messages too old to be shown", async () => {
    person().start();
    const reply_markup = { inline_keyboard: [[{ text: "Да", callback_data: "yes" }]] };
    const { message_id: id } = await api.sendMessage(PERSON, "?", { reply_markup });
    for (const view of ["inaccessible", "absent"] as const) {
      telegram.tapView = view;
      person().tap(id, 0);
    }
    await pass(0);

    expect(application.updates.slice(1)).toMatchObject([
      { callback_query: { message: { message_id: id, date: 0 } } },
      { callback_query: { data: "yes" } },
    ]);
  });

  it("share their own contact and send somebody else's", async () => {
    person().change({ phone: "79161234567", firstName: "Анна" });
    person().shareContact();
    person().sendContact({ phone: "+7 900 000-00-01", name: "Сосед" });
    person().sendContact({ phone: "79000000002", name: "Друг", userId: 5151 });
    await pass(0);

    expect(application.updates.map((update) => (update["message"] as { contact: object }).contact)).toEqual([
      { phone_number: "79161234567", first_name: "Анна", user_id: PERSON },
      { phone_number: "+7 900 000-00-01", first_name: "Сосед" },
      { phone_number: "79000000002", first_name: "Друг", user_id: 5151 },
    ]);
  });

  it("block the bot and come back", async () => {
    person().start();
    person().block();
    const refused = await refusalOf(api.sendMessage(PERSON, "?"));
    person().start();
    await pass(0);

    expect(refused).toBe("403 Forbidden: bot was blocked by the user");
    expect(kinds()).toEqual(["message", "my_chat_member", "my_chat_member", "message"]);
    expect(application.updates[1]).toMatchObject({ my_chat_member: { new_chat_member: { status: "kicked" } } });
    expect((await api.sendMessage(PERSON, "снова здравствуйте")).text).toBe("снова здравствуйте");
  });

  it("have one chat with each bot", async () => {
    const other = new Api(OTHER.token, { apiRoot: telegram.url });
    person().start();
    telegram.person(PERSON, "other_bot").start();
    await api.sendMessage(PERSON, "one");
    await other.sendMessage(PERSON, "two");

    expect(person().inbox.map(({ text }) => text)).toEqual(["one"]);
    expect(telegram.person(PERSON, "other_bot").inbox.map(({ text }) => text)).toEqual(["two"]);
  });
});

describe("updates of the stand-in", () => {
  it("wait for a webhook, and come again until they are taken", async () => {
    person().start();
    await pass(0);
    expect((await api.getWebhookInfo()).pending_update_count).toBe(1);

    application.status = 500;
    await hooked();
    await pass(0);
    const info = await api.getWebhookInfo();
    expect(info.last_error_message).toBe("Wrong response from the webhook: 500 Internal Server Error");
    expect(info.allowed_updates).toEqual([...HOOK.allowed_updates]);

    application.status = 200;
    await pass(5000);
    expect((await api.getWebhookInfo()).pending_update_count).toBe(0);
    expect(new Set(application.updates.map(({ update_id: id }) => id)).size).toBe(1);
  });

  it("come late, doubled and shuffled when told so", async () => {
    await hooked();
    Object.assign(telegram.faults.updates, { delayMs: 500, extraCopies: 1, shuffleMs: 2000 });
    for (let count = 1; count <= 6; count += 1) person().write(String(count));
    await pass(499);
    expect(application.updates).toEqual([]);
    await pass(3000);

    const ids = application.updates.map(({ update_id: id }) => id);
    expect(ids).toHaveLength(12);
    expect(new Set(ids).size).toBe(6);
    expect(ids).not.toEqual(ids.toSorted((one, other) => one - other));
  });

  it("are only those that were asked for", async () => {
    await api.setWebhook(application.url, { allowed_updates: ["message"] });
    const id = person().write("один");
    person().edit(id, "два");
    person().block();
    await pass(0);

    expect(kinds()).toEqual(["message"]);
  });

  it("are polled for, confirmed by the next offset, and waited for", async () => {
    person().write("один");
    person().write("два");
    const [first, second] = await api.getUpdates();
    expect(second!.update_id).toBe(first!.update_id + 1);
    expect(await api.getUpdates({ offset: second!.update_id })).toHaveLength(1);

    const waiting = api.getUpdates({ offset: second!.update_id + 1, timeout: 25 });
    await pass(10_000);
    person().write("три");
    expect((await waiting).map(({ message }) => message?.text)).toEqual(["три"]);

    const inVain = api.getUpdates({ offset: second!.update_id + 2, timeout: 25 });
    await pass(25_000);
    expect(await inVain).toEqual([]);
  });

  it("are refused to a second asker and while a webhook is set", async () => {
    const first = refusalOf(api.getUpdates({ timeout: 25 }));
    await pass(0);
    await api.getUpdates();
    expect(await first).toMatch(/^409 Conflict: terminated by other getUpdates request/);

    await hooked();
    expect(await refusalOf(api.getUpdates())).toMatch(
      /^409 Conflict: can't use getUpdates method while webhook is active/,
    );
    await api.deleteWebhook();
    expect(await api.getUpdates()).toEqual([]);
  });
});

describe("calls to the stand-in", () => {
  beforeEach(() => void person().start());

  it("know the bot by its token", async () => {
    expect(await api.getMe()).toMatchObject({ id: 777000, is_bot: true, username: "kubik_bot" });
    expect(await refusalOf(new Api("777000:wrong", { apiRoot: telegram.url }).getMe())).toBe("401 Unauthorized");
    expect(await refusalOf(api.raw.getMyStarBalance())).toBe("404 Not Found");
  });

  it("send text with keyboards, answers and a typing sign", async () => {
    await api.sendChatAction(PERSON, "typing");
    expect(person().typing).toBe(true);
    const sent = await api.sendMessage(PERSON, "Поделитесь номером", {
      reply_markup: { keyboard: [[{ text: "Мой номер", request_contact: true }]], one_time_keyboard: true },
    });
    const answer = await api.sendMessage(PERSON, "см. выше", { reply_parameters: { message_id: sent.message_id } });

    expect(person().typing).toBe(false);
    expect(person().inbox.map(({ asksContact, repliesTo }) => [asksContact, repliesTo])).toEqual([
      ["Мой номер", null],
      [null, sent.message_id],
    ]);
    expect(sent.reply_markup).toBeUndefined();
    expect(answer.reply_to_message?.message_id).toBe(sent.message_id);
  });

  it("change the buttons under a message", async () => {
    const reply_markup = { inline_keyboard: [[{ text: "Да", callback_data: "yes" }]] };
    const { message_id: id } = await api.sendMessage(PERSON, "?", { reply_markup });
    await api.editMessageReplyMarkup(PERSON, id);

    expect(person().inbox[0]!.buttons).toEqual([]);
    expect(await refusalOf(api.editMessageReplyMarkup(PERSON, id))).toMatch(/message is not modified/);
    expect(await refusalOf(api.editMessageReplyMarkup(PERSON, 99_999))).toBe(
      "400 Bad Request: message to edit not found",
    );
  });

  it("send files, which can be fetched again", async () => {
    const bytes = Buffer.from("jpeg");
    const { photo } = await api.sendPhoto(PERSON, new InputFile(bytes, "a.jpg"), { caption: "чек" });
    await api.sendDocument(PERSON, new InputFile(bytes, "a.pdf"));
    await api.sendVoice(PERSON, new InputFile(bytes, "a.ogg"));
    await api.sendVideo(PERSON, new InputFile(bytes, "a.mp4"));
    await api.sendAudio(PERSON, new InputFile(bytes, "a.mp3"));
    const { file_path: path } = await api.getFile(photo.at(-1)!.file_id);
    const file = await fetch(`${telegram.url}/file/bot${BOT.token}/${path}`);

    expect(Buffer.from(await file.arrayBuffer())).toEqual(bytes);
    expect(person().inbox.map(({ kind, text }) => [kind, text])).toEqual([
      ["photo", "чек"],
      ["document", ""],
      ["voice", ""],
      ["video", ""],
      ["audio", ""],
    ]);
    expect(await refusalOf(api.getFile("nothing"))).toBe(`400 ${recordedErrors["wrong_file_id"]!.description}`);
    person().sendMedia("video", { size: 21 * 1024 * 1024 });
    const [large] = await api.getUpdates({ offset: -1 });
    expect(await refusalOf(api.getFile(large!.message!.video!.file_id))).toBe("400 Bad Request: file is too big");
  });

  it("are refused as Telegram refuses them", async () => {
    const button = (data: string) => ({ reply_markup: { inline_keyboard: [[{ text: "x", callback_data: data }]] } });
    const send = (text: string, more = {}) => refusalOf(api.sendMessage(PERSON, text, more));

    expect(await send(" ")).toBe("400 Bad Request: message text is empty");
    expect(await send("x".repeat(4097))).toBe(`400 ${recordedErrors["too_long"]!.description}`);
    expect(await send("<b>x", { parse_mode: "HTML" })).toMatch(/^400 Bad Request: can't parse entities/);
    expect(await send("*x", { parse_mode: "MarkdownV2" })).toMatch(/^400 Bad Request: can't parse entities/);
    expect(await send("x", { entities: [{ type: "bold", offset: 0, length: 9 }] })).toMatch(/^400 Bad Request: entity/);
    expect(await send("x", button("я".repeat(33)))).toBe("400 Bad Request: BUTTON_DATA_INVALID");
    expect(await send("x", { reply_parameters: { message_id: 1 } })).toBe(
      "400 Bad Request: message to be replied not found",
    );
    expect(await refusalOf(api.sendMessage(1, "x"))).toBe("400 Bad Request: chat not found");
    telegram.person(5151);
    expect(await refusalOf(api.sendMessage(5151, "x"))).toBe(
      "403 Forbidden: bot can't initiate conversation with a user",
    );
    person().change({ deactivated: true });
    expect(await send("x")).toBe(`403 ${recordedErrors["user_deactivated"]!.description}`);
    expect(await refusalOf(api.setWebhook("http://example.com/"))).toMatch(/^400 Bad Request: bad webhook/);
  });

  it("are too many beyond the limits, and may be repeated after the time told", async () => {
    telegram.limits.perChat = { everyMs: 1000, burst: 1 };
    await api.sendMessage(PERSON, "1");
    expect(await refusalOf(api.sendMessage(PERSON, "2"))).toBe("429 Too Many Requests: retry after 1");
    await pass(1000);
    expect((await api.sendMessage(PERSON, "2")).text).toBe("2");
  });

  it("are slow, refused or cut on purpose", async () => {
    const { api: faults } = telegram.faults;
    faults.status = 429;
    const error = (await api.sendMessage(PERSON, "x").catch((reason: unknown) => reason)) as GrammyError;
    expect({
      ok: error.ok,
      error_code: error.error_code,
      description: error.description,
      parameters: error.parameters,
    }).toEqual(recordedErrors["too_many_requests"]);
    faults.status = 502;
    expect(await refusalOf(api.sendMessage(PERSON, "x"))).toBe("502 Bad Gateway");
    telegram.clearFaults();

    faults.cutBeforeAccept = true;
    await expect(api.sendMessage(PERSON, "x")).rejects.toThrow("Network request");
    expect(person().inbox).toEqual([]);
    telegram.clearFaults();

    faults.cutAfterAccept = true;
    await expect(api.sendMessage(PERSON, "arrived")).rejects.toThrow("Network request");
    expect(person().inbox.map(({ text }) => text)).toEqual(["arrived"]);
    telegram.clearFaults();

    faults.delayMs = 3000;
    const slow = api.getMe();
    await pass(3000);
    expect((await slow).username).toBe("kubik_bot");
    telegram.clearFaults();

    faults.down = true;
    await expect(api.getMe()).rejects.toThrow("Network request");
    faults.down = false;
    expect((await api.getMe()).username).toBe("kubik_bot");
  });
});
