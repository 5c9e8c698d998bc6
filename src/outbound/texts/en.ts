import type { OutboundTexts } from "./texts.ts";

const counted = (count: number, word: string) => `${count} ${word}${count === 1 ? "" : "s"}`;

function waited(minutes: number): string {
  if (minutes < 60) return counted(Math.max(1, minutes), "minute");
  if (minutes < 48 * 60) return counted(Math.floor(minutes / 60), "hour");
  return counted(Math.floor(minutes / 1440), "day");
}

const REASONS: Record<string, string> = {
  chosen: "asked to be called back when the message did not arrive",
  "queue-full": "called when all lines were busy",
  closed: "called outside of working hours",
  "asked-in-chat": "asked for a call in the chat",
  "failed-after-commit": "we ended the call and the message did not arrive",
  "gone-without-invite": "hung up and the message did not arrive",
};

/** What is said on the legs we make, in English. */
export const en: OutboundTexts = {
  announce: ({ reason, name, digits, waitedMinutes, tries }) =>
    [
      "A callback.",
      `${name ?? "The customer"}, number ending in ${digits.split("").join(" ")}, has waited ${waited(waitedMinutes)}.`,
      `Reason: ${REASONS[reason] ?? "waits for a call"}.`,
      ...(tries > 0 ? [`Try ${tries + 1}.`] : []),
      "Dialling now.",
    ].join(" "),
  customerIsThere: "The customer is on the line.",
  ended: {
    completed: "The customer hung up.",
    busy: "The line is busy. We will call again later.",
    "no-answer": "Nobody answers. We will call again later.",
    failed: "The call did not come through.",
    invalid: "There is no such number.",
    cancelled: "The call was cancelled.",
    refused: "The telephone provider does not take the call.",
    unclear: "The line to the telephone provider broke. We will call later.",
    gone: "This call is not needed any more.",
  },
  hello: (company) =>
    `Hello!${company === "" ? "" : ` This is ${company}.`} You have been waiting for our call, I am connecting you to an operator.`,
  nobodyThere: "Sorry, the operator was disconnected. We will call you again at once.",
  goodbye: "Thank you for talking to us. Goodbye!",
};
