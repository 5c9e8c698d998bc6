import type { StopName, StopNote } from "../../simulator/route.ts";
import type { Turn } from "../../simulator/turn.ts";
import type { FaultName, ScenarioName } from "../../simulator/types.ts";
import { counted, ordinal, span } from "../format.ts";

const stops: Record<StopName, string> = {
  call: "Call",
  offer: "Offer",
  messenger: "WhatsApp",
  bot: "Bot",
  operator: "Operator",
  rating: "Rating",
};

const notes: Record<Exclude<StopNote["say"], "place" | "delivered-in" | "answers" | "score">, string> = {
  "not-called": "not yet",
  ringing: "ringing",
  "in-line": "in line",
  answered: "answered",
  ended: "ended",
  "at-peak": "at peak",
  "not-offered": "not needed",
  offered: "made",
  "pressed-1": "pressed 1",
  declined: "said no",
  unanswered: "no answer",
  "with-receipt": "with a receipt",
  checking: "checking",
  sending: "on its way",
  delivered: "delivered",
  "place-kept": "place kept",
  owed: "we call back",
  "at-once": "at once",
  "handed-over": "handed over",
  "if-needed": "if needed",
  "in-queue": "in the queue",
  assigned: "has the chat",
  replied: "replied",
  "on-the-phone": "on the phone",
  "one-to-five": "1 to 5",
  asked: "asked",
};

function note(of: StopNote): string {
  switch (of.say) {
    case "place":
      return `${ordinal("en", of.place)} in line`;
    case "delivered-in":
      return `in ${span("en", of.ms)}`;
    case "answers":
      return counted("en", of.count, { one: "answer", other: "answers" });
    case "score":
      return `${of.score} of 5`;
    default:
      return notes[of.say];
  }
}

const scenarios: Record<ScenarioName, string> = {
  peak: "Peak hour, presses 1",
  "not-on-whatsapp": "Not on WhatsApp",
  "never-delivered": "Never delivered",
  stays: "Stays on the line",
};

const intros: Record<ScenarioName, { title: string; text: string }> = {
  peak: {
    title: "Turn one waiting caller into a chat",
    text: "Press 1 on the phone, then reply in the messenger. The right side is what the real server does.",
  },
  "not-on-whatsapp": {
    title: "A number without WhatsApp keeps its place",
    text: "Press 1. WhatsApp refuses the number, and the caller goes on waiting at the same place.",
  },
  "never-delivered": {
    title: "No receipt, no hang-up",
    text: "Press 1. The message leaves, but nobody confirms it, so the caller stays in line, or presses 2 to be called back.",
  },
  stays: {
    title: "Whoever wants to wait, waits",
    text: "Press nothing. The place stays the caller's own until an operator takes the call.",
  },
};

const turns: Record<Turn["name"], string> = {
  dial: "Press the green button on the phone to call the hotline.",
  "wait-offer": "Listen to the hotline. The offer comes in a moment.",
  "press-1": "Press 1 on the phone to continue in WhatsApp.",
  "wait-receipt": "Wait. The call ends only when the message is known to have arrived.",
  write: "Write in the messenger, for example “where is my order 48213”.",
  tap: "Tap a button in the messenger, or write in your own words.",
  rate: "Rate the chat in the messenger, from 1 to 5.",
  done: "That is the whole way. Start over or choose another story.",
  stay: "Stay on the line and watch the place, or let an operator take the call.",
  "take-call": "Press “Operator takes the call”.",
  "wait-call": "Wait. An operator hears who is to be called and why, then the phone rings.",
  "pick-up": "Your phone rings: press the green button to pick it up.",
  answer: "The caller now waits for a person. Open this chat in the inbox and reply.",
};

const faults: Record<FaultName, string> = {
  "not-on-whatsapp": "Number not on WhatsApp",
  "never-delivered": "Delivery never confirmed",
  "api-error-131026": "Cloud API error 131026",
  "link-drops": "WhatsApp link drops",
  "file-gone": "WhatsApp loses files",
};

/** The simulator page. */
export const simulator = {
  title: "Simulator",
  pageTitle: "Detour: simulator",
  chip: "no accounts, no real calls",
  speed: { label: "Speed", of: (speed: number) => `${speed}×` },
  speak: "Speak aloud",
  startOver: "Start over",
  scenariosLabel: "Stories",
  scenarios,
  intros,
  routeLabel: "The caller's route",
  stops,
  note,
  travelled: "reached",
  ahead: "not reached yet",
  turn: { title: "Your turn", words: (turn: Turn) => turns[turn.name] },
  parts: {
    label: "Part of the page",
    phone: "Phone",
    messenger: "Messenger",
    inside: "Inside",
    hereNow: "your turn is here",
  },
  lost: "The simulator's server does not answer. The page reconnects by itself; nothing you did is lost.",
  off: "The simulator is switched off on this server. Whoever runs it can switch it on with the setting SIMULATOR_URL.",
  connecting: "Connecting to the simulator",
  refused: "That did not go through. Try again.",
  phone: {
    title: "Caller's phone",
    keysHint: { before: "keys", to: "to", after: "work too" },
    keypad: "Dial pad",
    key: (key: string) => (key === "*" ? "Star" : key === "#" ? "Pound" : key),
    transcript: "What is said on the call",
    who: { hotline: "Hotline", caller: "Caller", operator: "Operator" },
    idle: "ready to call",
    ringing: "calling",
    ringsBack: "calls you back",
    onHold: "on hold",
    listening: "listening to you",
    place: (place: number) => `${ordinal("en", place)} in line`,
    talkingTo: (name: string) => `with ${name}`,
    ended: "call ended",
    endedBy: { caller: "you hung up", detour: "ended by Detour" },
    call: "Call the hotline",
    hangUp: "Hang up",
    pickUp: "Pick up",
    say: "Say something",
    sayPlaceholder: "What the caller says",
    sayIt: "Say it",
    speaker: "Speak aloud",
  },
  messenger: {
    title: "Caller's messenger",
    which: "Messenger",
    apps: { whatsapp: "WhatsApp", telegram: "Telegram" },
    account: "business account, online",
    typing: "typing…",
    moved: (time: string, place: number | null) =>
      place === null
        ? `You chose to continue here at ${time}.`
        : `You chose to continue here at ${time}. Your place in line was ${place}.`,
    empty: "Nothing here yet. The first message comes after the caller presses 1.",
    unavailable: "This number has no WhatsApp.",
    log: "Messages",
    placeholder: "Message",
    field: "Message to the business",
    send: "Send",
    attach: "Send a file",
    samples: { photo: "Photo", voice: "Voice message", document: "Document" },
    mine: "You",
    telegram: {
      bot: "bot",
      empty: "A bot cannot write first. Press Start to open the chat.",
      withLink:
        "An operator would send a link now. Start opens it: the chat is joined to the call and knows the caller.",
      start: "Start",
      block: "Block the bot",
      restart: "Unblock and restart",
    },
    marks: { sent: "sent", delivered: "delivered", read: "read", failed: "not delivered" },
  },
  inside: {
    title: "Inside Detour",
    tabs: { steps: "Steps", http: "HTTP", database: "Database" },
    noSteps: "Call the hotline: every decision of the server appears here.",
    noHttp: "No request yet. Requests between Detour and the providers appear here.",
    noRows: "No rows yet. What Detour keeps about this caller appears here.",
    since: "since the line above",
    times: (count: number) => `${count}×`,
    waitingAnswer: "no answer yet",
    rows: (count: number) => counted("en", count, { one: "row", other: "rows" }),
    breakTitle: "Break something",
    faults,
    openInbox: "Open this chat in the inbox",
    openInboxHint: "opens in a new tab",
    noChat: "There is no chat yet",
    takeCall: "Operator takes the call",
  },
};
