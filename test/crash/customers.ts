import type { WhatsApp } from "../../sim/whatsapp/index.ts";

/** A question of the FAQ, and what the bot's answer to it contains. */
export interface Topic {
  question: string;
  answer: string;
}

/** One question a customer wrote. */
interface Question {
  /** Meta's id of the message. */
  id: string;
  /** The question with its number: no two texts of one customer are the same. */
  text: string;
  answer: string;
}

/** A customer who writes the next question only after the answer to the one before has arrived. */
export interface Asker {
  waId: string;
  questions: Question[];
  /** True when every question has its answer on the customer's phone. */
  isContent(): boolean;
}

/** After so many questions another customer comes: Meta's pace towards one person is 45 at once, then one in six seconds. */
const MOST_QUESTIONS = 30;

/** Customers who keep asking until told to stop. */
export interface Customers {
  askers: Asker[];
  stop(): void;
}

export function createCustomers(
  whatsapp: WhatsApp,
  topics: Topic[],
  { count, firstWaId }: { count: number; firstWaId: number },
): Customers {
  const askers: Asker[] = [];
  let stopped = false;

  function arrive(): void {
    const waId = String(firstWaId + askers.length);
    const customer = whatsapp.customer(waId);
    const offset = askers.length;
    const questions: Question[] = [];
    let read = 0;
    let open = false;

    const ask = () => {
      const { question, answer } = topics[(offset + questions.length) % topics.length]!;
      const text = `${question} (${questions.length + 1})`;
      open = true;
      questions.push({ id: "", text, answer });
      questions.at(-1)!.id = customer.write(text);
    };
    const look = () => {
      const { inbox } = customer;
      while (open && read < inbox.length) {
        if (inbox[read]!.text.includes(questions.at(-1)!.answer)) open = false;
        read += 1;
      }
      if (open || stopped) return;
      if (questions.length < MOST_QUESTIONS) return ask();
      forget();
      arrive();
    };

    askers.push({ waId, questions, isContent: () => !open });
    const forget = customer.onChange(() => queueMicrotask(look));
    ask();
  }

  for (let i = 0; i < count; i += 1) arrive();
  return {
    askers,
    stop() {
      stopped = true;
    },
  };
}
