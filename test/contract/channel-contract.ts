import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { MessageId } from "#kit";
import type { Channel, ChannelEvent, OutboundContent, Webhook } from "../../src/chat/channel.ts";

/** What may be wrong with a provider while we send. */
export type Trouble =
  /** Nobody listens. */
  | "down"
  /** It asks for patience and does nothing. */
  | "busy"
  /** It carries the message out, then the line breaks. */
  | "cut-after"
  /** It carries the message out and never answers. */
  | "silent";

/** One channel with its provider's stand-in: real HTTP, a clock that is set. */
export interface ContractStand {
  channel: Channel;
  /** A connected account of ours, and an address that may be written to now. */
  account: string;
  customer: string;
  /** Webhooks as the provider documents or sends them, signed by it. */
  recorded: { name: string; webhook: Webhook }[];
  /** The customer writes: the webhook that tells us. */
  write(text: string): Promise<Webhook>;
  /** The same body, as somebody else would send it. */
  forge(webhook: Webhook): Webhook;
  /** The same proof of the provider over another body; null where the proof does not cover the body. */
  sign(body: Buffer): Webhook;
  provider: {
    suffer(trouble: Trouble): void | Promise<void>;
    /** Texts of ours that reached the provider, oldest first. */
    received(): string[];
  };
  /** Lets so much time pass that a send without an answer is over. */
  outlast(): Promise<void>;
  close(): Promise<void>;
}

const ID = "01935a3c-0000-7000-8000-000000000001" as MessageId;
const text = (words: string): OutboundContent => ({ kind: "text", text: words });

/**
 * What every messenger promises to the rooms behind it. A new channel is finished when this is green
 * (docs/adding-a-channel.md).
 */
export function channelContract(name: string, open: () => Promise<ContractStand>): void {
  describe(`the channel contract: ${name}`, () => {
    let stand: ContractStand;
    let channel: Channel;
    beforeEach(async () => {
      stand = await open();
      channel = stand.channel;
    });
    afterEach(() => stand.close());

    const send = (content: OutboundContent, account = stand.account) =>
      channel.send({ id: ID, to: { channel: channel.name, account, id: stand.customer }, content });

    describe("what comes in", () => {
      it("is believed only when the provider sent it", async () => {
        const webhook = await stand.write("hello");

        expect(channel.isGenuine(webhook)).toBe(true);
        expect(channel.isGenuine(stand.forge(webhook))).toBe(false);
        expect(channel.isGenuine({ ...webhook, headers: {} })).toBe(false);
        expect(channel.isGenuine({ ...webhook, account: "an account nobody connected" })).toBe(false);
      });

      it("is the customer's message, with the words, the account and a way back", async () => {
        const [event] = channel.read(await stand.write("where is my order?"))!;

        expect(event).toMatchObject({
          kind: "message",
          account: stand.account,
          from: stand.customer,
          content: { kind: "text", text: "where is my order?" },
        });
      });

      it("is recognised when it comes twice, and is one customer's in one lane", async () => {
        const [first, second] = [await stand.write("one"), await stand.write("two")];
        const once = read(first);

        expect(read(first)).toEqual(once);
        const events = [...once, ...read(second)];
        expect(new Set(events.map(({ dedupe }) => dedupe)).size).toBe(events.length);
        expect(new Set(events.map(({ lane }) => lane)).size).toBe(1);
      });

      it("means the same in any order and however often it comes", async () => {
        const webhooks = [await stand.write("one"), await stand.write("two"), await stand.write("three")];
        const told = (order: Webhook[]) =>
          Object.fromEntries(order.flatMap(read).map((event) => [event.dedupe, event]));

        const straight = told(webhooks);
        fc.assert(
          fc.property(fc.shuffledSubarray([...webhooks, ...webhooks], { minLength: 6 }), (order) => {
            expect(told(order)).toEqual(straight);
          }),
        );
      });

      it("is read as the provider documents it, whatever kind it is", () => {
        for (const { name: kind, webhook } of stand.recorded) {
          expect(channel.isGenuine(webhook), kind).toBe(true);
          const events = channel.read(webhook);
          expect(events, kind).not.toBeNull();
          for (const { account, lane, dedupe, at } of events!) {
            expect(
              [account, lane, dedupe].every((part) => typeof part === "string"),
              kind,
            ).toBe(true);
            expect(Number.isFinite(at), kind).toBe(true);
          }
        }
      });

      it("may be anything at all: no body makes it throw", () => {
        const bodies = fc.oneof(
          fc.uint8Array({ maxLength: 300 }),
          fc.json().map(Buffer.from),
          fc.webUrl().map(Buffer.from),
        );
        fc.assert(
          fc.property(bodies, (bytes) => {
            const webhook = stand.sign(Buffer.from(bytes));
            if (channel.isGenuine(webhook)) channel.read(webhook);
          }),
        );
      });
    });

    describe("what goes out", () => {
      it("is accepted with the provider's own id, once", async () => {
        expect(await send(text("hello"))).toMatchObject({ kind: "accepted", providerId: expect.stringMatching(/./) });
        expect(stand.provider.received()).toEqual(["hello"]);
      });

      it("fits the channel: what is too long is cut, what cannot be tapped is still told", async () => {
        const most = channel.abilities.textLength;
        const choices = Array.from({ length: 12 }, (_, i) => ({
          id: `choice-${i}`,
          title: `A title that is long ${i}`,
        }));

        expect(await send(text("я".repeat(most + 500)))).toMatchObject({ kind: "accepted" });
        expect(await send({ kind: "buttons", text: "choose", choices: choices.slice(0, 3) })).toMatchObject({
          kind: "accepted",
        });
        expect(await send({ kind: "list", text: "choose again", button: "Choose", choices })).toMatchObject({
          kind: "accepted",
        });

        const [long, ...others] = stand.provider.received();
        expect(long!.length).toBeLessThanOrEqual(most);
        expect(others.map((words) => words.split("\n")[0])).toEqual(["choose", "choose again"]);
      });

      it("has not left when nobody listens: it may be tried again", async () => {
        await stand.provider.suffer("down");

        expect(await send(text("hello"))).toMatchObject({ kind: "busy", retryAfterMs: expect.any(Number) });
        expect(stand.provider.received()).toEqual([]);
      });

      it("waits as long as a busy provider asks", async () => {
        await stand.provider.suffer("busy");

        const outcome = await send(text("hello"));
        expect(outcome).toMatchObject({ kind: "busy" });
        expect(outcome.kind === "busy" && outcome.retryAfterMs).toBeGreaterThan(0);
        expect(stand.provider.received()).toEqual([]);
      });

      it("is unclear when the line broke after we spoke, and is not sent again by itself", async () => {
        await stand.provider.suffer("cut-after");

        expect(await send(text("hello"))).toMatchObject({ kind: "unclear" });
        expect(stand.provider.received()).toEqual(["hello"]);
      });

      it("is unclear when no answer comes, and does not hang", async () => {
        await stand.provider.suffer("silent");

        const sending = send(text("hello"));
        await expect.poll(() => stand.provider.received()).toEqual(["hello"]);
        await stand.outlast();
        expect(await sending).toMatchObject({ kind: "unclear" });
      });

      it("does not leave from an account that is gone", async () => {
        expect(await send(text("hello"), "an account nobody connected")).toMatchObject({
          kind: "refused",
          because: "not-allowed",
        });
        expect(stand.provider.received()).toEqual([]);
      });
    });

    it("knows its accounts and nobody else's", () => {
      expect(channel.accounts()).toContain(stand.account);
      expect(channel.account(stand.account)).not.toBeNull();
      expect(channel.account("an account nobody connected")).toBeNull();
    });

    function read(webhook: Webhook): ChannelEvent[] {
      expect(channel.isGenuine(webhook)).toBe(true);
      return channel.read(webhook)!;
    }
  });
}
