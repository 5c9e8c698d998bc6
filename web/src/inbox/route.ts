import type { CallStory, Conversation, Message } from "../api/types.ts";
import { channelOf } from "../app/channels.ts";
import type { Leg } from "../ui/leg.ts";

/** What stands under a stop of a conversation's route; the catalogue puts it into words. */
export type InboxNote =
  | { stop: "call"; say: "waited"; seconds: number; place: number | null }
  | { stop: "call"; say: "outcome"; outcome: string }
  | { stop: "messenger"; say: "delivered-in"; ms: number }
  | { stop: "messenger"; say: "wrote-first" | "not-delivered" }
  | { stop: "bot"; say: "answers"; count: number }
  | { stop: "bot"; say: "silent" }
  | { stop: "operator"; say: "has-it"; name: string | null }
  | { stop: "operator"; say: "in-queue" | "if-needed" | "closed" };

export interface InboxStop {
  leg: Leg;
  note: InboxNote;
}

/** How this person got here and what they have been through. Pure. */
export function routeOfConversation(conversation: Conversation, messages: Message[]): InboxStop[] {
  const { call } = conversation;
  return [
    ...(call ? [callStop(call)] : []),
    messengerStop(call, channelOf(conversation.channel).leg),
    botStop(messages),
    operatorStop(conversation, messages),
  ];
}

function callStop(call: CallStory): InboxStop {
  if (call.waitedSeconds !== null) {
    return {
      leg: "voice",
      note: { stop: "call", say: "waited", seconds: call.waitedSeconds, place: call.placeAtOffer },
    };
  }
  return { leg: "voice", note: { stop: "call", say: "outcome", outcome: call.outcome ?? "moved" } };
}

function messengerStop(call: CallStory | null, leg: Leg): InboxStop {
  if (call === null) return { leg, note: { stop: "messenger", say: "wrote-first" } };
  if (call.deliveredAt === null) return { leg: "none", note: { stop: "messenger", say: "not-delivered" } };
  const from = Date.parse(call.acceptedAt ?? call.deliveredAt);
  return {
    leg,
    note: { stop: "messenger", say: "delivered-in", ms: Math.max(0, Date.parse(call.deliveredAt) - from) },
  };
}

function botStop(messages: Message[]): InboxStop {
  const count = messages.filter((message) => message.author === "bot").length;
  return count > 0
    ? { leg: "bot", note: { stop: "bot", say: "answers", count } }
    : { leg: "none", note: { stop: "bot", say: "silent" } };
}

function operatorStop({ owner, operator }: Conversation, messages: Message[]): InboxStop {
  if (owner === "queue") return { leg: "operator", note: { stop: "operator", say: "in-queue" } };
  if (owner === "closed") return { leg: "operator", note: { stop: "operator", say: "closed" } };
  if (owner === "operator")
    return { leg: "operator", note: { stop: "operator", say: "has-it", name: operator?.name ?? null } };
  const spoke = messages.findLast((message) => message.author === "operator");
  return spoke
    ? { leg: "operator", note: { stop: "operator", say: "has-it", name: spoke.authorName } }
    : { leg: "none", note: { stop: "operator", say: "if-needed" } };
}
