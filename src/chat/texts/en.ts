import { unreachable } from "#kit";
import type { CallTime } from "../door.ts";
import type { ChatTexts } from "./texts.ts";

function callTime(when: CallTime): string {
  switch (when.kind) {
    case "within":
      return `in about ${when.fromMinutes} to ${when.toMinutes} minutes`;
    case "between":
      return `between ${when.from} and ${when.until}`;
    case "in-turn":
      return "as soon as it is your turn";
    default:
      return unreachable(when);
  }
}

/** What the chat says in English. */
export const en: ChatTexts = {
  handedOver: (place) => `I am calling a colleague, you are number ${place}. We will write to you here.`,
  rating: {
    bot: "Please rate the robot's answers from 1 to 5: choose from the list or send a digit.",
    operator:
      "The conversation is closed. Please rate our colleague's help from 1 to 5: choose from the list or send a digit.",
    button: "Give a score",
    scores: { 5: "5 — excellent", 4: "4 — good", 3: "3 — fair", 2: "2 — poor", 1: "1 — very poor" },
  },
  thanks: "Thank you for the score. If there is a question, just write.",
  commentNoted: "Thank you, we will pass it on. If your question is still open, write to us again.",
  notices: {
    "talking-to-operator": "A colleague has answered you on the phone. If something is left, write to us here.",
    "place-kept": "We are keeping your place on the line. You can write to us here as well.",
    "callback-promised": "We will call you back. Your place in the queue is kept.",
    "call-me-queued": "All right, we will call you. Your place in the queue is kept.",
  },
  expectCall: (when) => (when.kind === "in-turn" ? "" : `Expect our call ${callTime(when)}.`),
  callLater: (when) => `Sorry, we will call later than promised: ${callTime(when)}. Your place in the queue is kept.`,
  noPhoneToCall: "I cannot see your number, so a colleague will arrange the call.",
  askPhone: {
    text: "I cannot see your number. Press the button below the message field to share it, and we will call you.",
    button: "Share my phone number",
  },
  phoneNoted: {
    text: "Thank you, now we know your number. What shall we do?",
    buttons: [
      { title: "Call me", choice: "intent:call-me" },
      { title: "Where is my order", choice: "intent:order-status" },
    ],
  },
  invite: {
    body: "You are calling {{1}}, your place in the queue: {{2}}. We can help right here: choose a topic or write what happened.",
    buttons: [
      { title: "Where is my order", choice: "intent:order-status" },
      { title: "Returns", choice: "intent:returns" },
    ],
    withLinks: (shop, place, links) =>
      `${shop}: your place in the queue is ${place}. ${links.length > 0 ? `Go on in the chat: ${links.join(" ")}` : "Write your question in reply, we will help here."}`,
  },
  inviteProof:
    "Press a button or write: then we see that this has arrived, end the call, and you need not hold the line.",
  hello: "Hello",
  started: "Opened the chat",
  ownPhone: (phone) => `Shared the phone number ${phone}`,
  media: {
    image: "Photo",
    video: "Video",
    audio: "Audio",
    voice: "Voice message",
    document: "Document",
    sticker: "Sticker",
  },
  location: "A place on the map",
  contacts: "A contact",
  order: "An order from the catalogue",
  unsupported: (what) => `Unsupported message: ${what}`,
  deleted: "Message deleted",
  wordsLost: "Nobody knows whether the robot's last words have arrived. Please look and answer.",
  blocked: "The customer has blocked us here: nothing can be sent until they write again.",
  notSent: (text) => `Not sent, the customer has not written yet: ${text}`,
};
