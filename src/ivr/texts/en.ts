import { unreachable } from "#kit";
import type { CallTime } from "#router";
import type { Texts } from "./texts.ts";

function wait({ from, to }: { from: number; to: number }): string {
  if (to === 1) return "The wait is about a minute.";
  if (from === to) return `The wait is about ${to} minutes.`;
  return `The wait is ${from} to ${to} minutes.`;
}

function callTime(when: CallTime): string {
  switch (when.kind) {
    case "within":
      return `in about ${when.fromMinutes} to ${when.toMinutes} minutes`;
    case "between":
      return `between ${when.from} and ${when.until}, when we are open again`;
    case "in-turn":
      return "when it is your turn";
    default:
      return unreachable(when);
  }
}

export const en: Texts = {
  wording: "offer-en-1",
  channels: { "whatsapp-cloud": "WhatsApp", telegram: "Telegram", other: "a messenger" },
  wordsFor: {
    sms: {
      offer: () =>
        "To get a text message with a link to our chat, press 1. To keep your place and get it as well, press 2. Or stay on the line.",
      offerWithNumber: () =>
        "To get a text message with a link to our chat, press 1 and enter your mobile number. To keep your place as well, press 2. Or stay on the line.",
      onItsWay: () => "Sending you a text message. Please hold the line.",
      onItsWayBoth: () => "Sending you a text message. You keep your place in the queue.",
      farewell: () => "The text message has arrived. The link in it opens our chat. Goodbye!",
      notHere: () => "This number cannot get text messages. You keep your place in the queue.",
      notNow: () => "We cannot send text messages at the moment. You keep your place in the queue.",
      sentBoth: () => "The text message has arrived. You keep your place in the queue.",
      choice: () =>
        "We cannot see yet that the text message has arrived. You keep your place in the queue. To be called back when it is your turn, press 2. Or stay on the line.",
    },
  },
  greeting: (company) =>
    `Thank you for calling${company === "" ? "" : ` ${company}`}. All operators are busy right now.`,
  place: (place, minutes) =>
    `${place === 1 ? "You are next." : `You are number ${place} in the queue.`}${minutes ? ` ${wait(minutes)}` : ""}`,
  offer: (channel) =>
    `To go on in ${channel} without waiting, press 1. To keep your place and get a message as well, press 2. Or stay on the line.`,
  offerWithNumber: (channel) =>
    `To go on in ${channel}, press 1 and enter your mobile number. To keep your place as well, press 2. Or stay on the line.`,
  enterNumber: "Enter your mobile number with the country code, then press hash.",
  enterNumberAgain: "This does not look like a mobile number. Enter it again with the country code, then press hash.",
  confirmNumber: (digits) =>
    `You entered: ${digits.join(", ")}. If this is right, press 1. To enter it again, press any other key.`,
  numberNotGiven: "We cannot write to this number now. You keep your place in the queue.",
  onItsWay: (channel) => `Sending you a message in ${channel}. Please hold the line.`,
  acts: { telegram: "Open it and press the button under the message: then the call ends." },
  onItsWayBoth: (channel) => `Sending you a message in ${channel}. You keep your place in the queue.`,
  stillSending: "The message is on its way.",
  farewell: (channel) => `The message has arrived. See you in ${channel}. Goodbye!`,
  notHere: (channel) => `This number is not on ${channel}. You keep your place in the queue.`,
  notNow: (channel) => `We cannot write in ${channel} at the moment. You keep your place in the queue.`,
  sentBoth: (channel) => `The message in ${channel} has arrived. You keep your place in the queue.`,
  choice: (channel) =>
    `We cannot see yet that the message in ${channel} has arrived. You keep your place in the queue. To be called back when it is your turn, press 2. Or stay on the line.`,
  stays: "Please stay on the line, your place is kept.",
  callbackPromised: (when) => `We will call you back ${callTime(when)}. Goodbye!`,
  returned: "The message did not arrive. We return you to the same place in the queue.",
  connecting: "Connecting you to an operator.",
  queueFullPromised: (when) =>
    `All lines are busy. We have kept your place and will call you back ${callTime(when)}. Goodbye!`,
  closed: (company, opensAt) =>
    `Thank you for calling${company === "" ? "" : ` ${company}`}. We are closed now${opensAt === null ? "" : ` and open at ${opensAt}`}. To be called back when we open, press 2.`,
  closedGoodbye: (opensAt) =>
    `${opensAt === null ? "We are closed now." : `We open at ${opensAt}.`} Please call us later. Goodbye!`,
  queueFull: "All lines are busy. Please stay on the line.",
  trouble: "Please stay on the line, your place in the queue is kept.",
  nobodyWaiting: "Nobody is waiting now.",
  talkOver: "Thank you for calling. Goodbye!",
  speech: {
    yes: ["yes", "yeah", "yep", "ok", "okay", "sure", "please do", "one", "whatsapp", "messenger"],
    both: ["two", "both", "keep my place"],
    no: ["no", "nope", "operator", "agent", "wait", "stay", "not now", "do not", "don t"],
    callback: ["two", "call back", "call me back", "callback"],
  },
};
