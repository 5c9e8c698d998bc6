import type { BotTexts, OrderFacts } from "./texts.ts";

/** What the bot says in English. */
export const en: BotTexts = {
  yesThanks: "Yes, thanks",
  askPerson: "Ask a person",
  didThatHelp: "Did that answer your question?",
  didYouMean: "I'm not sure I understood. Did you mean one of these? If not, say it in other words.",
  rephrase: "I didn't understand that. Could you say it in other words? Or I can call a colleague.",
  rejected: "Sorry that didn't help. Could you say in other words what you need? Or I can call a colleague.",
  wordsPlease:
    "I'm a robot and can't look at attachments. Could you say in words what you need? Or I can call a colleague.",
  greeting: "Hello! I'm the shop's robot. What can I help with?",
  robot: "I'm a robot. I can check an order and answer common questions; for everything else I call a colleague.",
  finished: "You're welcome. Write any time.",
  callBack: "We'll call you. Your place in line is kept.",
  handOff: {
    complaint: "I'm sorry this happened. A colleague will look into it.",
    repeatedMiss: "I still don't understand, so a colleague will help you.",
    mediaOnly: "A colleague will look at what you sent.",
    crmUnavailable: "I can't reach our orders right now. A colleague will check for you.",
    noAnswer: "I have no answer to this, so a colleague will help you.",
    noOrder: "I can't find that order. A colleague will check for you.",
    noPhone: "I can't see your number, so a colleague will arrange the call.",
    strangers: "These orders were placed from another number. A colleague will help you.",
  },
  order: {
    askNumber: "I don't see an order on your number. What is the order number? It has 4 to 8 digits.",
    notFound: (number) => `There is no order ${number}. Please check the number and send it once more.`,
    tell: (facts) =>
      sentences(`Order ${facts.number}${facts.items ? `, ${facts.items},` : ""} ${statuses[facts.status]}`, facts),
    several: "You have several open orders:",
    more: (count) => `and ${count} more`,
    onlyStatus: "The order was placed from another number, so I can only tell its status.",
    today: "today",
    tomorrow: "tomorrow",
    before: (day, time) => `${day} before ${time}`,
  },
};

const statuses = {
  new: "has been received",
  confirmed: "is confirmed",
  packing: "is being packed",
  "with-courier": "is with the courier",
  "at-pickup-point": "is waiting at the pick-up point",
  delivered: "has been delivered",
  cancelled: "is cancelled",
};

function sentences(first: string, { due, overdue, place, total }: OrderFacts): string {
  return [
    first,
    due && `Expected ${due}`,
    overdue && `It was promised for ${overdue} and is late, sorry`,
    place && `Where: ${place}`,
    total && `Total: ${total}`,
  ]
    .filter(Boolean)
    .map((sentence) => `${sentence}.`)
    .join(" ");
}
