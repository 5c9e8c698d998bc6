import { sentences, wordsFor, type Facts, type StepWords } from "../../simulator/facts.ts";
import { counted, minutesAndSeconds, ordinal, percent } from "../format.ts";
import { handOffs, intents } from "./bot.ts";

const callers = { one: "caller", other: "callers" };

const kept: Record<string, string> = {
  refused: "The caller said no.",
  silent: "The caller pressed nothing.",
  "no-number": "The caller gave no number to write to.",
  "not-here": "This number is not on the messenger.",
  failed: "The message was not delivered.",
  busy: "The messenger takes no messages now.",
  "too-slow": "No receipt came in time.",
  answered: "An operator took the call first.",
  both: "The caller wanted both: the message and the place.",
};

const owed: Record<string, string> = {
  "failed-after-commit": "The receipt was taken back after the call had ended.",
  "gone-without-invite": "The caller hung up before the message was known to have arrived.",
  chosen: "The caller asked to be called back.",
};

const reasons: Record<string, string> = {
  "long-wait": "The wait is longer than the limit.",
  "switched-off": "The offer is switched off.",
  closed: "It is outside the hours of the offer.",
  "no-messenger": "No messenger is connected.",
  "chat-full": "The chat side has no room now.",
  "moved-lately": "This number moved to a chat a short while ago.",
  "moved-often": "This number moved to a chat too often today.",
  "silent-lately": "This number did not answer the last offer.",
  "refused-lately": "This number said no a short while ago.",
  burst: "Too many callers moved within a minute.",
  "short-wait": "The wait is short enough.",
  "not-at-peak": "It is not peak time.",
  "held-out": "This caller is in the share that is never offered, to measure what offers change.",
};

const ends: Record<string, string> = {
  caller: "The caller hung up.",
  detour: "Detour ended it, after the receipt.",
  operator: "The operator hung up.",
  parties: "They have talked.",
  unknown: "The telephone provider fell silent about it.",
};

const dialEnds: Record<string, string> = {
  busy: "The line was busy; again in a quarter of an hour.",
  "no-answer": "Nobody answered; again in two hours.",
  completed: "Put down before an operator spoke.",
  failed: "The call did not come through.",
  refused: "The telephone provider did not dial.",
  unclear: "Nobody knows whether the phone rang; it is looked up before the next dial.",
};

const reach: Record<string, string> = {
  reachable: "Number is on WhatsApp",
  "not-here": "Number is not on WhatsApp",
  unknown: "Nobody knows yet whether the number is on WhatsApp",
};

const forecast = (facts: Facts): string | null => {
  const seconds = facts.number("ewtSeconds") ?? facts.number("waitSeconds");
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

function accepted(facts: Facts): StepWords {
  const both = facts.text("mode") === "both";
  return {
    title: both ? "Caller wants the place and the message" : "Caller presses 1",
    detail: "The place is held. Nothing is given up yet.",
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
    "offer.answered": plain("Caller answers the offer"),
    "offer.made": plain(
      "Hotline offers WhatsApp once",
      "A one-digit question inside the queue, in the caller's language.",
    ),
    "deflection.accepted": accepted,
    "deflection.checking": plain(
      "Is the number on WhatsApp?",
      "Cheapest answer first: memory, then a probe, then the message itself.",
    ),
    "reach.known": (facts: Facts) => ({
      title: reach[facts.text("reach") ?? "unknown"] ?? "WhatsApp checked",
      detail: null,
    }),
    "invite.sending": plain("Message is sent to WhatsApp"),
    "invite.sent": plain("Message has left WhatsApp", "On its way to the phone, not there yet."),
    "invite.read": plain("Message read"),
    "invite.delayed": plain("WhatsApp asks to slow down", "The message goes later; nobody waits for it on the phone."),
    "invite.unavailable": plain("WhatsApp cannot be used now", "Nothing was sent."),
    "invite.unclear": plain("The line to WhatsApp broke", "The message may have gone out, so it is not sent again."),
    "invite.accepted": plain("WhatsApp took the message", "Taken is not delivered: the caller keeps the place."),
    "invite.delivered": plain("Message delivered", "The receipt is here."),
    "invite.failed": failed,
    "deflection.leaving": plain("Goodbye may be said", "Only now, with the receipt in hand."),
    "deflection.committed": plain("The place is given up", "If delivery had failed, the caller would still hold it."),
    "deflection.caller-left": plain("Caller hung up early", "The message is still on its way."),
    "pull-out.failed": plain("The call was no longer in the queue"),
    "deflection.kept": (facts: Facts) => ({ title: "Caller keeps the place", detail: because(kept, facts) }),
    "deflection.owed": (facts: Facts) => ({ title: "We owe a call back", detail: because(owed, facts) }),
    "call.ended": (facts: Facts) => ({ title: "Call ends", detail: wordsFor(ends, facts.text("endedBy")) }),
    "callback.asked": plain("A call back is asked for", "At the place the caller had."),
    "callback.owed": plain("A call back is noted", "At the place the caller had."),
    "callback.operator-rung": plain("An operator's phone rings for the call back"),
    "callback.operator-answered": plain("Operator hears who it is and why", "The customer is not rung before."),
    "callback.dialling": plain("The customer is to be dialled"),
    "callback.sent": plain("The dial leaves for the provider", "Noted first: it is never repeated blindly."),
    "callback.unclear": plain("The line to the provider broke", "The dial may ring, so it is looked up first."),
    "callback.dialled": plain("The customer's phone rings"),
    "callback.answered": plain("The customer picks up"),
    "callback.connected": plain("Operator and customer are joined", "The promise is kept."),
    "callback.done": plain("They have talked"),
    "callback.returned": plain("The call back is in line again", "At the same place as before."),
    "callback.missed": (facts: Facts) => ({
      title: "The customer was not reached",
      detail: wordsFor(dialEnds, facts.text("how")),
    }),
    "callback.not-reached": plain("The call back is given up"),
    "callback.cancelled": plain("The call back is not needed any more"),
    "callback.promise-slipped": plain(
      "The promised time will be missed",
      "The customer is told so where that is possible.",
    ),
    "callback.stray-ended": plain("A dial nobody waited for is ended"),
    "callback.impossible": plain("Nobody to call back", "The number is hidden."),
    "call.connected": plain("Operator and caller are joined", "An operator who is free always wins."),
    "call.returned": plain("Caller is back in line", "At the same place as before."),
    "chat.message-in": plain("Message from the caller"),
    "media.stored": plain(
      "The caller's file is here",
      "Fetched after the message was saved; its type is found by its content.",
    ),
    "media.delayed": plain("The caller's file is not here yet", "The message is; the file is tried again."),
    "media.failed": plain("The caller's file could not be fetched", "The message stays, with the reason in its place."),
    "media.asked-again": plain("An operator asks for the file once more"),
    "media.expired": plain("A file is deleted after its time to be kept", "The message stays."),
    "media.withdrawn": plain("The caller took a file back"),
    "bot.answered": answered,
    "chat.handed-over": (facts: Facts) => ({ title: "Bot hands over to a person", detail: because(handOffs, facts) }),
    "chat.assigned": plain("An operator gets the chat", "The bot stays silent from here."),
    "chat.operator-replied": plain("Operator replies"),
    "chat.engaged": plain("Caller is in the chat now"),
    "chat.told": plain("The chat is told how the call went on"),
    "chat.transferred": plain("Chat is handed on"),
    "chat.closed": plain("Chat is closed"),
    "chat.link-made": plain("A link into another messenger is made", "For this caller, once."),
    "chat.link-refused": plain("A used link opened nothing"),
    "chat.blocked": plain("The customer has blocked us", "Nothing can be sent until they write again."),
    "chat.left": plain("The customer left the chat", "That counts as no success."),
    "rating.asked": plain("Rating is asked", "Once, after closing."),
    "rating.given": rated,
  } as Record<string, (facts: Facts) => StepWords>,
};
