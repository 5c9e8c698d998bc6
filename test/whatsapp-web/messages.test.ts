import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { ChannelEvent } from "#chat";
import { newId, type MessageId } from "#kit";
import { eventually } from "../support/eventually.ts";
import {
  ACCOUNT,
  beginAgain,
  CALLER,
  openLinkedServer,
  openProcess,
  STRANGER,
  type Process,
  type Shared,
} from "./stage.ts";

const NUMBER = CALLER.slice(1);
const JID = `${NUMBER}@s.whatsapp.net`;

let shared: Shared;
let process: Process;
beforeAll(async () => {
  shared = await openLinkedServer();
});
beforeEach(async () => {
  await beginAgain(shared);
  process = await openProcess(shared, { channel: true });
  await process.until("open");
});
afterEach(() => process.close());
afterAll(async () => {
  await shared.server.close();
  await shared.db.drop();
});

const customer = () => shared.server.customer(NUMBER, ACCOUNT);
const move = (ms: number) => shared.clock.moveTo((shared.clock.now() + ms) as never);
const id = () => newId<MessageId>(shared.clock.now());

type Of<Kind extends ChannelEvent["kind"]> = Extract<ChannelEvent, { kind: Kind }>;
const heard = <Kind extends ChannelEvent["kind"]>(kind: Kind) =>
  process.heard.filter((event): event is Of<Kind> => event.kind === kind);

/** Waits until so many events of a kind were handed over, and answers the last of them. */
async function hears<Kind extends ChannelEvent["kind"]>(kind: Kind, count = 1): Promise<Of<Kind>> {
  await eventually(`${count} × ${kind} is heard`, () => heard(kind).length >= count);
  return heard(kind).at(-1)!;
}

describe("what is sent", () => {
  it("is accepted once WhatsApp's server has it, and arrives encrypted for the customer's phone", async () => {
    const message = id();
    expect(await process.send(JID, "Здравствуйте!", message)).toEqual({
      kind: "accepted",
      providerId: message.replaceAll("-", "").toUpperCase(),
    });
    expect(customer().received.map(({ text }) => text)).toEqual(["Здравствуйте!"]);
  });

  it("is followed by its receipts, each with our own id: sent, delivered, read", async () => {
    const message = id();
    await process.send(JID, "Здравствуйте!", message);
    move(1000);
    await hears("status", 2);
    customer().read(customer().received[0]!.id);
    await hears("status", 3);

    expect(heard("status").map(({ status, messageId, account }) => ({ status, messageId, account }))).toEqual(
      ["sent", "delivered", "read"].map((status) => ({ status, messageId: message, account: ACCOUNT })),
    );
  });

  it("to a number without WhatsApp is refused as not here, and nothing leaves", async () => {
    expect(await process.send(`${STRANGER.slice(1)}@s.whatsapp.net`, "hello")).toMatchObject({
      kind: "refused",
      because: "not-here",
    });
  });

  it("by a restricted account is refused for good, and it is trouble of the account", async () => {
    shared.server.faults.messages.refuse = 463;
    expect(await process.send(JID, "hello")).toMatchObject({ kind: "refused", because: "not-allowed", code: "463" });
    expect(await hears("account-trouble")).toMatchObject({ code: "463", account: ACCOUNT });
    expect(await hears("status")).toMatchObject({ status: "failed", refusal: { code: "463" } });
  });

  it("and the line breaks after it was taken: unclear; never sent again by itself", async () => {
    shared.server.faults.messages.cutAfterAccept = true;
    expect(await process.send(JID, "hello")).toMatchObject({ kind: "unclear" });
    expect(customer().received).toHaveLength(1);
  });

  it("and its receipt comes after all: it names the message, so that what was unclear is settled", async () => {
    shared.server.faults.messages.cutAfterAccept = true;
    const message = id();
    await process.send(JID, "hello", message);
    shared.server.faults.messages.cutAfterAccept = false;
    await process.until("waiting");
    await eventually("the line is open again", async () => {
      move(100);
      return (await process.line())?.at === "open";
    });
    move(1000);
    expect(await hears("status")).toMatchObject({ status: "delivered", messageId: message });
  });

  it("while the line is away: busy, with an alarm, nothing has left", async () => {
    shared.server.disconnect(ACCOUNT, 503);
    await process.until("waiting");
    expect(await process.send(JID, "hello")).toMatchObject({ kind: "busy", alarm: expect.any(String) });
    expect(customer().received).toEqual([]);
  });

  it("from an account that is gone is refused", async () => {
    await process.use(null);
    expect(await process.send(JID, "hello")).toMatchObject({ kind: "refused", because: "not-allowed" });
  });

  it("choices become lines of the text: there are no buttons here", async () => {
    const content = {
      kind: "buttons" as const,
      text: "Что случилось?",
      choices: [
        { id: "a", title: "Где мой заказ" },
        { id: "b", title: "Возврат" },
      ],
    };
    await process.web.channel.send({ id: id(), to: { channel: "whatsapp-web", account: ACCOUNT, id: JID }, content });
    expect(customer().received[0]!.text).toBe("Что случилось?\n• Где мой заказ\n• Возврат");
  });

  it("through another process than the one that has the line, once", async () => {
    const second = await openProcess(shared, { channel: true });
    let outcome: unknown = null;
    void second.send(JID, "hello").then((sent) => (outcome = sent));
    await eventually("it is sent", async () => {
      await process.settle();
      move(10);
      return outcome !== null;
    });
    expect(outcome).toMatchObject({ kind: "accepted" });
    expect(customer().received).toHaveLength(1);
    await second.close();
  });
});

describe("what a customer writes", () => {
  it("comes under the hidden name and the number alike, so that both are one person", async () => {
    await customer().write("Где мой заказ?", { id: "3AFF" });
    const first = await hears("message");
    expect(first).toMatchObject({
      account: ACCOUNT,
      from: expect.stringMatching(/^\d+@lid$/),
      alsoKnownAs: [JID],
      phone: CALLER,
      name: "Anna",
      content: { kind: "text", text: "Где мой заказ?" },
      providerId: `${first.from}/3AFF`,
      repliesTo: null,
    });
    await process.send(first.from, "Сейчас посмотрю");
    expect(customer().received.map(({ text }) => text)).toEqual(["Сейчас посмотрю"]);
    await customer().write("Алло", { address: "pn" });
    expect(await hears("message", 2)).toMatchObject({ from: JID, alsoKnownAs: [first.from], phone: CALLER });
  });

  it("while we were away is heard when we come back, once", async () => {
    await process.post("stop");
    await eventually("the line is ended", () => !shared.server.isOnline(ACCOUNT));
    await customer().write("Есть кто?");
    expect(heard("message")).toEqual([]);

    await process.post("start");
    await process.until("open");
    expect(await hears("message")).toMatchObject({ content: { text: "Есть кто?" } });
    shared.server.cut();
    await process.until("waiting");
    await customer().write("Да");
    await eventually("the line is open again", async () => {
      move(100);
      return (await process.line())?.at === "open";
    });
    await hears("message", 2);
    expect(heard("message")).toHaveLength(2);
  });

  it("is stored although the database was away for a moment", async () => {
    process.refuseToStore = 2;
    await customer().write("Где мой заказ?");
    await eventually("it is stored after all", () => {
      move(500);
      return heard("message").length === 1;
    });
    expect(process.refuseToStore).toBe(0);
  });

  it("is answered to the message it answers", async () => {
    const message = id();
    const sent = await process.send(JID, "Чем помочь?", message);
    await customer().reply(customer().received[0]!.id, "Возврат");
    expect(await hears("message")).toMatchObject({
      repliesTo: sent.kind === "accepted" ? sent.providerId : "?",
      content: { text: "Возврат" },
    });
  });

  it("can be edited and taken back by the same person, and by nobody else", async () => {
    const mine = await customer().write("Заказ 123", { id: "3AAA" });
    const original = await hears("message");
    await customer().edit(mine, "Заказ 124");
    expect(await hears("edited")).toMatchObject({
      providerId: original.providerId,
      content: { kind: "text", text: "Заказ 124" },
    });

    shared.server.register("79165550000");
    await shared.server.customer("79165550000", ACCOUNT).remove(mine);
    expect((await hears("deleted")).providerId).not.toBe(original.providerId);
    await customer().remove(mine);
    expect((await hears("deleted", 2)).providerId).toBe(original.providerId);
  });

  it("reactions name the message they are about", async () => {
    const message = id();
    await process.send(JID, "Чем помочь?", message);
    await customer().react(customer().received[0]!.id, "👍");
    expect(await hears("message")).toMatchObject({
      content: { kind: "reaction", to: customer().received[0]!.id, emoji: "👍" },
    });
  });

  it("is marked as read, and we are seen typing", async () => {
    await customer().write("Алло");
    const { providerId, account, from } = await hears("message");
    await process.web.channel.acknowledge({ account, providerId, typing: true });
    await eventually("the server knows", () => shared.server.seen.receipts.some(({ type }) => type === "read"));
    await eventually("we are seen typing", () => shared.server.seen.typing.length > 0);
    expect(shared.server.seen.typing).toEqual([{ to: from, state: "composing" }]);
  });

  it("to an account that only checks numbers is not taken in", async () => {
    await process.use({ ...process.account, channel: false });
    await customer().write("Алло");
    await eventually("the message is received", () => shared.server.seen.receipts.length > 0);
    await process.state();
    expect(process.heard).toEqual([]);
  });
});

describe("the port", () => {
  it("writes first to nobody unless a setting says so, and takes no webhooks", async () => {
    const { channel } = process.web;
    expect(channel.abilities).toMatchObject({ writesFirst: "freely", freeTextWindowMs: null, buttons: { most: 0 } });
    expect(channel.account(ACCOUNT)).toMatchObject({ brand: null, invites: false });
    const webhook = { headers: {}, query: {}, rawBody: Buffer.from("{}"), account: null };
    expect([channel.isGenuine(webhook), channel.greet(webhook), channel.read(webhook)]).toEqual([false, null, null]);

    await process.use({ ...process.account, invites: true });
    expect(channel.account(ACCOUNT)?.invites).toBe(true);
    expect(channel.addressFor(ACCOUNT, CALLER)).toEqual({ channel: "whatsapp-web", account: ACCOUNT, id: JID });
  });

  it("has no accounts and connects to nothing when it is not connected", async () => {
    await process.use(null);
    await eventually("the line is ended", () => !shared.server.isOnline(ACCOUNT));
    expect(process.web.channel.accounts()).toEqual([]);
  });
});
