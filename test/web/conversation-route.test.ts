import { describe, expect, it } from "vitest";
import type { Conversation, Message } from "../../web/src/api/types.ts";
import { routeOfConversation } from "../../web/src/inbox/route.ts";

const conversation = (differences: Partial<Conversation> = {}): Conversation => ({
  id: "c1",
  customer: { name: "Anna", phone: "+79000000142" },
  channel: "whatsapp-cloud",
  owner: "bot",
  operator: null,
  preview: "",
  unread: 0,
  waitingSince: null,
  lastMessageAt: "2026-11-21T12:00:00Z",
  locale: "en",
  blocked: false,
  window: { open: true, closesAt: null },
  call: null,
  attach: null,
  ...differences,
});

const from = (author: Message["author"], authorName: string | null = null): Message => ({
  id: author,
  author,
  authorName,
  text: "text",
  at: "2026-11-21T12:00:00Z",
  status: null,
  error: null,
  choices: [],
  guesses: [],
  file: null,
  editedAt: null,
});

const call = {
  id: "k1",
  placeAtOffer: 7,
  waitedSeconds: 160,
  ewtSeconds: 380,
  acceptedAt: "2026-11-21T11:34:18.000Z",
  deliveredAt: "2026-11-21T11:34:19.800Z",
  endedAt: "2026-11-21T11:34:22.000Z",
  outcome: "committed",
};

describe("a conversation's route", () => {
  it("begins with the call it came from", () => {
    const route = routeOfConversation(conversation({ call }), [from("bot"), from("customer"), from("bot")]);

    expect(route.map((stop) => stop.leg)).toEqual(["voice", "whatsapp", "bot", "none"]);
    expect(route.map((stop) => stop.note)).toEqual([
      { stop: "call", say: "waited", seconds: 160, place: 7 },
      { stop: "messenger", say: "delivered-in", ms: 1800 },
      { stop: "bot", say: "answers", count: 2 },
      { stop: "operator", say: "if-needed" },
    ]);
  });

  it("begins in the messenger for whoever wrote first", () => {
    const route = routeOfConversation(conversation({ owner: "queue" }), [from("customer")]);

    expect(route.map((stop) => stop.note.say)).toEqual(["wrote-first", "silent", "in-queue"]);
  });

  it("names the operator who has it", () => {
    const route = routeOfConversation(conversation({ owner: "operator", operator: { id: "o1", name: "Olga" } }), []);

    expect(route.at(-1)).toEqual({ leg: "operator", note: { stop: "operator", say: "has-it", name: "Olga" } });
  });
});
