import type { ChatWatch } from "#chat";
import { between } from "#kit";
import { accountName } from "./account-name.ts";
import { decisionPlace, inboxPlace, sendPlace, webhookPlace } from "./places.ts";
import type { Happening, Recorder } from "./recorder.ts";

type Attributes = Happening["attributes"];

/**
 * The way of a message as spans: webhook ─▶ inbox in the trace of the stored event, a link to the decision about its burst,
 * and from there a link to the send of each answer. A receipt's inbox links to the send it is about.
 */
export const chatSpans = ({ record }: Pick<Recorder, "record">): Required<ChatWatch> => ({
  stored({ channel, events, began, ended }) {
    for (const { id, kind } of events)
      record({
        name: `webhook ${channel}`,
        kind: "server",
        at: webhookPlace(id),
        attributes: { "detour.channel": channel, "detour.inbox.id": id, "detour.event.kind": kind },
        began,
        ended,
      });
  },

  tookIn({ events, began, ended }) {
    for (const { id, channel, kind, receivedAt, conversationId, burst, messageId } of events)
      record({
        name: `inbox ${kind}`,
        kind: "consumer",
        at: inboxPlace(id),
        parent: webhookPlace(id),
        links: [
          ...(conversationId !== null && burst !== null ? [decisionPlace(conversationId, burst)] : []),
          ...(messageId === null ? [] : [sendPlace(messageId)]),
        ],
        attributes: {
          "detour.channel": channel,
          "detour.inbox.id": id,
          "detour.inbox.waited_ms": between(receivedAt, began),
          ...known("detour.conversation.id", conversationId),
          ...known("detour.burst", burst),
          ...known("detour.message.id", messageId),
        },
        began,
        ended,
      });
  },

  decided({ conversationId, callId, burst, bot, messages, began, ended }) {
    record({
      name: "decision",
      kind: "internal",
      at: decisionPlace(conversationId, burst),
      links: messages.map((id) => sendPlace(id)),
      attributes: {
        "detour.conversation.id": conversationId,
        "detour.burst": burst,
        "detour.bot": bot,
        "detour.message.ids": messages,
        ...known("detour.call.id", callId),
      },
      began,
      ended,
      ...(bot === "failed" ? { trouble: "The bot failed or was too slow." } : {}),
    });
  },

  sent({ messageId, conversationId, callId, channel, account, outcome, attempt, began, ended }) {
    record({
      name: `send ${channel}`,
      kind: "client",
      at: sendPlace(messageId, attempt),
      ...(attempt > 1 ? { parent: sendPlace(messageId) } : {}),
      attributes: {
        "detour.channel": channel,
        "detour.account": accountName(account),
        "detour.message.id": messageId,
        "detour.conversation.id": conversationId,
        "detour.attempt": attempt,
        "detour.outcome": outcome.kind,
        ...known("detour.refusal", outcome.kind === "refused" ? outcome.because : null),
        ...known("detour.call.id", callId),
      },
      began,
      ended,
      ...(outcome.kind === "accepted" ? {} : { trouble: outcome.kind }),
    });
  },
});

const known = (name: string, value: string | number | null): Attributes => (value === null ? {} : { [name]: value });
