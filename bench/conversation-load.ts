import { atRate, pause } from "./numbers.ts";
import type { Provider } from "./provider.ts";
import { question } from "./questions.ts";

/** What a stretch of load has shown. */
interface Seen {
  written: number;
  ackMs: number[];
  replyMs: number[];
  /** Webhooks that were not answered with 200. */
  refused: number;
  unanswered: number;
}

/** Customers of a hotline who write one after another, each once before anybody writes again. */
export function createCustomers(provider: Provider, people: number) {
  let turn = 0;
  const waiting = new Map<string, number>();
  let seen = nothingSeen();
  provider.onReply = (customer) => {
    const since = waiting.get(customer);
    if (since === undefined) return;
    waiting.delete(customer);
    seen.replyMs.push(performance.now() - since);
  };

  function write() {
    const person = turn % people;
    const customer = numberOf(person);
    const mine = seen;
    waiting.set(customer, performance.now());
    mine.written++;
    provider.write(customer, question(person, Math.floor(turn++ / people))).then(
      (ms) => mine.ackMs.push(ms),
      () => mine.refused++,
    );
  }

  /** Writes at an even rate, whether answers come or not; then waits a little for the last of them. */
  return async function load(perSecond: number, seconds: number): Promise<Seen> {
    seen = nothingSeen();
    await atRate(perSecond, seconds, write);
    for (let waited = 0; waiting.size > 0 && waited < LAST_ANSWERS_MS; waited += 50) await pause(50);
    seen.unanswered = waiting.size;
    waiting.clear();
    return seen;
  };
}

const LAST_ANSWERS_MS = 5000;
const nothingSeen = (): Seen => ({ written: 0, ackMs: [], replyMs: [], refused: 0, unanswered: 0 });

/** A Russian mobile number, as WhatsApp writes it. */
export const numberOf = (person: number): string => String(79_000_000_000 + person);
