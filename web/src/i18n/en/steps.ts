import { sentences, wordsFor, type Facts, type StepWords } from "../../simulator/facts.ts";
import { counted, minutesAndSeconds, ordinal, percent } from "../format.ts";

const callers = { one: "caller", other: "callers" };

const kept: Record<string, string> = {
  "not-here": "This number is not on the messenger.",
  "not-on-messenger": "This number is not on the messenger.",
  "too-slow": "No receipt came in time.",
  "patience-ran-out": "No receipt came in time.",
  failed: "The message was not delivered.",
  "delivery-failed": "The message was not delivered.",
  refused: "The messenger refused the message.",
  unclear: "The line to the messenger broke, so it may or may not have gone out.",
  "operator-free": "An operator became free first.",
};

const owed: Record<string, string> = {
  "caller-gone": "The caller hung up before the message was known to have arrived.",
  "late-failure": "The receipt was taken back after the call had ended.",
  "failed-after-commit": "The receipt was taken back after the call had ended.",
};

const reasons: Record<string, string> = {
  "ewt-over-limit": "The wait is longer than the limit.",
  "long-wait": "The wait is longer than the limit.",
  peak: "It is peak time.",
  "short-wait": "The wait is short enough.",
  "wait-too-short": "The wait is short enough.",
  "already-offered": "This caller has heard the offer.",
  "chat-full": "The chat side has no room now.",
  "hold-out": "This caller is in the share that is never offered.",
  "hidden-number": "The number is hidden, so there is nowhere to write.",
  landline: "The number is a landline.",
  "too-often": "This number was offered recently.",
  manual: "A supervisor switched it by hand.",
  "switched-off": "The offer is switched off.",
};

const intents: Record<string, string> = {
  "order-status": "order status",
  "ask-for-person": "wants a person",
  "call-me": "wants a call",
  thanks: "thanks",
  greeting: "greeting",
  delivery: "delivery",
  returns: "returns",
  payment: "payment",
};

const handOffs: Record<string, string> = {
  "asked-for-person": "The customer asked for a person.",
  "low-confidence": "The bot was not sure enough.",
  "repeated-miss": "The bot missed twice in a row.",
  complaint: "The customer is unhappy.",
  "media-only": "The customer sent something the bot cannot read.",
  "crm-unavailable": "The order data could not be reached.",
  "bot-failed": "The bot did not answer in time.",
};

const reach: Record<string, string> = {
  reachable: "Number is on WhatsApp",
  "not-here": "Number is not on WhatsApp",
  unknown: "Nobody knows yet whether the number is on WhatsApp",
};

const forecast = (facts: Facts): string | null => {
  const seconds = facts.number("ewtSeconds");
  return seconds === null ? null : `Forecast ${minutesAndSeconds(seconds)}.`;
};

const because = (known: Record<string, string>, facts: Facts): string | null =>
  wordsFor(known, facts.text("because") ?? facts.text("reason"));

const plain =
  (title: string, detail: string | null = null) =>
  (): StepWords => ({ title, detail });

function waiting(facts: Facts): StepWords {
  const place = facts.number("place");
  const size = facts.number("size");
  return {
    title: place === null ? "Caller waits in the queue" : `Caller is ${ordinal("en", place)} in line`,
    detail: sentences(size !== null && `${counted("en", size, callers)} waiting.`, forecast(facts)),
  };
}

function decided(facts: Facts): StepWords {
  const offer = facts.flag("offer");
  return {
    title: offer === false ? "No offer now" : "The offer rule says yes",
    detail: sentences(wordsFor(reasons, facts.text("reason")), forecast(facts)),
  };
}

function answered(facts: Facts): StepWords {
  const intent = wordsFor(intents, facts.text("intent"));
  return { title: intent === null ? "Bot answers" : `Bot answers: ${intent}`, detail: null };
}

function failed(facts: Facts): StepWords {
  const code = facts.text("code") ?? facts.number("code");
  return {
    title: "Message not delivered",
    detail: sentences("The messenger says so; the caller has not been hung up on.", code !== null && `Code ${code}.`),
  };
}

function rated(facts: Facts): StepWords {
  const score = facts.number("score");
  return { title: score === null ? "Caller rates the chat" : `Caller rates the chat: ${score} of 5`, detail: null };
}

/** The event log in words, by kind. */
export const steps = {
  intents,
  handOffs,
  confidence: (share: number) => percent("en", share),
  kinds: {
    "call.arrived": plain("Call arrives", "The caller takes a place in the queue first."),
    "call.waiting": waiting,
    "offer.decided": decided,
    "offer.made": plain(
      "Hotline offers WhatsApp once",
      "A one-digit question inside the queue, in the caller's language.",
    ),
    "deflection.accepted": plain("Caller presses 1", "The place is held. Nothing is given up yet."),
    "deflection.checking": plain(
      "Is the number on WhatsApp?",
      "Cheapest answer first: memory, then a probe, then the message itself.",
    ),
    "reach.known": (facts: Facts) => ({
      title: reach[facts.text("reach") ?? "unknown"] ?? "WhatsApp checked",
      detail: null,
    }),
    "invite.sending": plain("Message is sent to WhatsApp"),
    "invite.accepted": plain("WhatsApp took the message", "Taken is not delivered: the caller keeps the place."),
    "invite.delivered": plain("Message delivered", "The receipt is here."),
    "invite.failed": failed,
    "deflection.committed": plain("The place may be given up", "Only now, with the receipt in hand."),
    "deflection.kept": (facts: Facts) => ({ title: "Caller keeps the place", detail: because(kept, facts) }),
    "deflection.owed": (facts: Facts) => ({ title: "We owe a call back", detail: because(owed, facts) }),
    "call.ended": plain("Call ends"),
    "call.connected": plain("Operator and caller are joined", "An operator who is free always wins."),
    "call.returned": plain("Caller is back in line", "At the same place as before."),
    "chat.message-in": plain("Message from the caller"),
    "bot.answered": answered,
    "chat.handed-over": (facts: Facts) => ({ title: "Bot hands over to a person", detail: because(handOffs, facts) }),
    "chat.assigned": plain("An operator gets the chat", "The bot stays silent from here."),
    "chat.operator-replied": plain("Operator replies"),
    "chat.closed": plain("Chat is closed"),
    "rating.asked": plain("Rating is asked", "Once, after closing."),
    "rating.given": rated,
  } as Record<string, (facts: Facts) => StepWords>,
};
