import type { Crm } from "#crm";
import type { Clock, PhoneNumber } from "#kit";
import { createBrain } from "./core/brain.ts";
import type { Brain } from "./core/brain.ts";
import { decide } from "./core/decide.ts";
import { hear } from "./core/hear.ts";
import { findingOf } from "./core/orders.ts";
import type { OrderAnswer } from "./core/orders.ts";
import { speak } from "./core/speak.ts";
import { readMemory } from "./memory.ts";
import type { Bot, Knowledge } from "./turn.ts";

interface BotDeps {
  knowledge: Knowledge;
  crm: Crm;
  clock: Clock;
  /** Where "today before 14:00" is meant. */
  timeZone?: string;
}

/** The bot: hears a burst, decides, asks the CRM only when the decision needs it, speaks once. */
export function createBot({ knowledge, crm, clock, timeZone = "Europe/Moscow" }: BotDeps): Bot {
  const brains = createBrains(knowledge);

  return {
    async answer(input) {
      const brain = brains.current() ?? (await brains.loadOnce());
      const memory = readMemory(input.memory);
      const heard = hear(input, memory);
      const plan = decide(heard, memory, brain);
      const view = {
        language: heard.language,
        phone: input.phone,
        now: clock.now(),
        timeZone: input.timeZone ?? timeZone,
      };
      const order = plan.do === "look-up-order" ? findingOf(await lookUp(crm, plan.number, input.phone), view) : null;
      const hasPhone = input.phone !== null || input.asksPhone === true;
      return speak({ plan, memory, language: heard.language, brain, order, hasPhone });
    },
    async reload() {
      await brains.load();
    },
  };
}

async function lookUp(crm: Crm, number: string | null, phone: PhoneNumber | null): Promise<OrderAnswer> {
  if (number !== null) return { by: "number", number, answer: await crm.orderByNumber(number) };
  return { by: "phone", answer: phone === null ? { kind: "nothing" } : await crm.ordersByPhone(phone) };
}

/** Keeps the newest knowledge in use; the old one answers until the new one is ready. */
function createBrains(knowledge: Knowledge) {
  let brain: Brain | null = null;
  let newest = 0;
  let first: Promise<Brain> | null = null;

  const load = async (): Promise<Brain> => {
    const mine = ++newest;
    const made = createBrain(await knowledge.intents());
    if (mine === newest) brain = made; // a slower, older read must not undo an edit
    return brain ?? made;
  };
  /** Bursts that come before anything is loaded share one reading. */
  const loadOnce = () => (first ??= load().finally(() => (first = null)));

  return { current: () => brain, load, loadOnce };
}
