import type { FileFailure, MessageFile } from "../../api/types.ts";
import type { InboxNote } from "../../inbox/route.ts";
import { unreachable } from "../../app/unreachable.ts";
import { counted, minutesAndSeconds, ordinal, span, timeOfDay } from "../format.ts";

const stops: Record<InboxNote["stop"], string> = {
  call: "Call",
  messenger: "WhatsApp",
  bot: "Bot",
  operator: "Operator",
};

const outcomes: Record<string, string> = {
  answered: "an operator answered",
  moved: "moved to chat",
  callback: "we owe a call",
  "gone-to-chat": "hung up, went to chat",
  abandoned: "hung up",
  "queue-full": "the queue was full",
};

function note(of: InboxNote): string {
  switch (of.say) {
    case "waited":
      return of.place === null
        ? `waited ${minutesAndSeconds(of.seconds)}`
        : `waited ${minutesAndSeconds(of.seconds)}, ${ordinal("en", of.place)}`;
    case "outcome":
      return outcomes[of.outcome] ?? of.outcome;
    case "delivered-in":
      return `delivered in ${span("en", of.ms)}`;
    case "wrote-first":
      return "wrote first";
    case "not-delivered":
      return "not delivered yet";
    case "answers":
      return counted("en", of.count, { one: "answer", other: "answers" });
    case "silent":
      return "no answer yet";
    case "in-queue":
      return "waits for a person";
    case "has-it":
      return of.name === null ? "has the chat" : of.name;
    case "if-needed":
      return "if needed";
    case "closed":
      return "closed";
    default:
      return unreachable(of);
  }
}

/** The operators' inbox. */
export const inbox = {
  title: "Chats",
  pageTitle: (unread: number) => (unread > 0 ? `(${unread}) Detour` : "Detour: chats"),
  views: { label: "Which chats", mine: "Mine", queue: "Queue", bot: "Bot", closed: "Closed" },
  empty: {
    mine: {
      title: "No chat is yours now",
      text: "Take the next one from the queue. New chats also come by themselves while you are on shift.",
    },
    queue: { title: "The queue is empty", text: "Chats the bot hands over appear here." },
    bot: { title: "The bot has no chats", text: "Chats appear here while the bot answers them." },
    closed: { title: "No closed chats", text: "Finished chats appear here." },
  },
  choose: { title: "Choose a chat", text: "It opens here. To begin at once, take the next one from the queue." },
  takeChat: "Take next chat",
  takeCall: "Take next call",
  noneWaiting: "Nobody waits in the queue now.",
  callComing: "Your phone rings in a moment. Pick it up to be joined with the caller.",
  presence: { label: "Your status", online: "On shift", away: "Away", offline: "Off shift" },
  signOut: "Sign out",
  back: "Back to the list",
  listLabel: "Chats",
  draft: "Draft:",
  unnamed: "Number hidden",
  unread: (count: number) => counted("en", count, { one: "unread message", other: "unread messages" }),
  waiting: (words: string) => `waits ${words}`,
  minutes: (count: number) =>
    count < 1 ? "under a minute" : counted("en", count, { one: "minute", other: "minutes" }),
  route: { label: "How the call became a chat", stops, note },
  thread: {
    label: "Messages",
    customer: "Customer",
    bot: "Bot",
    operator: "Operator",
    you: "You",
    edited: "edited",
    note: "Note",
    empty: "No messages yet.",
    marks: {
      queued: "waiting to be sent",
      sending: "being sent",
      accepted: "accepted by the messenger",
      sent: "sent",
      delivered: "delivered",
      read: "read",
      failed: "not delivered",
      unclear: "may or may not have gone out",
    },
    failed: "Not delivered",
    unclear:
      "The line broke while sending, so it may have gone out. See whether the customer answers before you write again.",
    notSent: "Not sent: the server did not answer.",
    retry: "Send again",
    discard: "Discard",
    details: "Details",
    choices: "Buttons",
    guesses: "The bot understood",
    file: {
      kinds: {
        image: "Photo",
        video: "Video",
        audio: "Audio",
        voice: "Voice message",
        document: "Document",
        sticker: "Sticker",
      } satisfies Record<MessageFile["kind"], string>,
      open: (name: string) => `Open ${name}`,
      save: (name: string) => `Save ${name}`,
      coming: "The file is on its way.",
      delayed: (at: number) => `The file is not here yet. Next try at ${timeOfDay("en", at)}.`,
      because: {
        gone: "WhatsApp no longer has this file.",
        "too-large": "The file is larger than we take.",
        refused: "WhatsApp does not give this file out.",
        "not-connected": "The number this file came to is no longer connected.",
        damaged: "The file came damaged, every time.",
        unreachable: "WhatsApp did not give the file, though we asked many times.",
        "not-stored": "We could not store the file. Tell whoever runs Detour.",
      } satisfies Record<FileFailure, string>,
      expired: "The file was deleted after its time to be kept.",
      again: "Try again",
      askedAgain: "Asked for again",
    },
    announced: (author: string, text: string) => `${author}: ${text}`,
  },
  composer: {
    mode: { label: "What you write", reply: "Reply", note: "Note" },
    reply: "Reply to the customer",
    note: "Note for colleagues",
    replyHint: "Write a reply",
    noteHint: "Only colleagues see this",
    send: "Send",
    keep: "Save note",
    keys: "Enter sends, Shift Enter starts a new line",
    draftKept: "Draft kept",
    windowUntil: (at: number) => `24 hours: until ${timeOfDay("en", at)}`,
    windowClosed:
      "The 24-hour window is closed. WhatsApp lets you write again after the customer's next message. Your draft stays, notes work.",
    windowNone: "The customer has not written yet. Free text opens with their first message; notes work.",
    botHas: "The bot is answering. Your reply takes the chat over and the bot stays silent.",
    blocked: "The customer has blocked us in this messenger. Nothing can be sent until they write again; notes work.",
    closed: "This chat is closed. A new one opens when the customer writes.",
    attach: "Attach a file",
    attached: (name: string, size: string) => `${name}, ${size}`,
    detach: "Remove the file",
    sendingFile: "Sending the file",
    tooLarge: (size: string) => `This file is too large: ${size} is the most this messenger takes.`,
  },
  actions: {
    take: "Take this chat",
    transfer: "Transfer",
    close: "Finish",
    transferTitle: "Transfer this chat",
    to: "To whom",
    toQueue: "Back to the queue",
    toBot: "Back to the bot",
    noteLabel: "Note for whoever takes it (optional)",
    transferNow: "Transfer",
    closeTitle: "Finish this chat?",
    closeText: "The customer is asked once to rate it. A new chat opens when they write.",
    closeNow: "Finish",
  },
  off: {
    checks: "Checks of numbers over WhatsApp Web are off. Callers are asked by the message itself.",
    whatsAppWeb: (words: string) => `WhatsApp Web is off. ${words}`,
    messenger: (words: string) => `A messenger is off. ${words}`,
  },
  link: {
    lost: "Reconnecting. Drafts are kept; what you see may be old.",
    back: "Connected again, everything is up to date.",
  },
};
