import { numberOf } from "./conversation-load.ts";
import type { Figures, Sizes } from "./goals.ts";
import { atRate, pause } from "./numbers.ts";
import type { Provider } from "./provider.ts";
import { question } from "./questions.ts";
import type { Stand } from "./stand.ts";

/** The messenger's send API is down for a while; its webhooks go on. Everybody writes once and must be answered once. */
export async function outage(stand: Stand, { outage: size }: Sizes): Promise<Figures> {
  const detour = await stand.startDetour();
  const { provider } = detour;
  const answers = new Map<string, number>();
  let lastReplyAt = 0;
  provider.onReply = (customer) => {
    lastReplyAt = performance.now();
    answers.set(customer, (answers.get(customer) ?? 0) + 1);
  };
  let people = 0;
  const write = () => void writeUntilTaken(provider, people++);

  await atRate(size.perSecond, size.beforeSeconds, write);
  provider.fall();
  await atRate(size.perSecond, size.downSeconds, write);
  await provider.rise();
  const risenAt = performance.now();
  const owed = people;
  const drained = drainTime(() => firstAnswered(answers, owed), size.patienceSeconds);
  await atRate(size.perSecond, size.afterSeconds, write);

  for (let waited = 0; answers.size < people && waited < size.patienceSeconds * 1000; waited += 100) await pause(100);
  const unclear = await detour.query<{ address: string }>(
    "select address from message where author = 'bot' and status = 'unclear'",
  );
  const drainedAt = await drained;
  await detour.stop();
  const unanswered = Array.from({ length: people }, (_, person) => numberOf(person)).filter(
    (number) => !answers.has(number),
  );
  const kept = new Set(unclear.map(({ address }) => address));
  return {
    "outage.lost": unanswered.filter((number) => !kept.has(number)).length,
    "outage.unclear": kept.size,
    "outage.repeated": [...answers.values()].filter((count) => count > 1).length,
    "outage.drain": ((drainedAt ?? lastReplyAt) - risenAt) / 1000,
  };
}

/** Meta repeats a webhook until it is acknowledged. */
async function writeUntilTaken(provider: Provider, person: number): Promise<void> {
  for (;;) {
    try {
      await provider.write(numberOf(person), question(person, 0));
      return;
    } catch {
      await pause(200);
    }
  }
}

const firstAnswered = (answers: Map<string, number>, owed: number) => {
  let open = 0;
  for (let person = 0; person < owed; person++) if (!answers.has(numberOf(person))) open++;
  return open;
};

/** When the debt stopped shrinking: all paid, or what is left did not change any more. */
async function drainTime(openDebts: () => number, patienceSeconds: number): Promise<number | null> {
  let open = openDebts();
  let changedAt = performance.now();
  const until = changedAt + patienceSeconds * 1000;
  while (open > 0 && performance.now() < until) {
    await pause(20);
    const now = openDebts();
    if (now !== open) changedAt = performance.now();
    open = now;
  }
  return changedAt;
}
