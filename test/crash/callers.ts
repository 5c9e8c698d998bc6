import { setTimeout as pause } from "node:timers/promises";
import type { Random } from "../../sim/kit/random.ts";
import type { Phone, Twilio } from "../../sim/twilio/index.ts";

/** Somebody on the telephone who wants to go on in the messenger as soon as that is offered. */
export interface Caller {
  waId: string;
  phone: Phone;
  pressed: boolean;
}

/** Callers, so many at a time, until told to stop. Whoever stays does so to the end. */
export interface Callers {
  callers: Caller[];
  stop(): void;
}

/** Dials; presses 1 three times, impatiently, when a question is asked. */
export function dial(twilio: Twilio, waId: string): Caller {
  const phone = twilio.phones.call({ from: `+${waId}` });
  const caller: Caller = { waId, phone, pressed: false };
  phone.onChange(() =>
    queueMicrotask(() => {
      if (caller.pressed || !phone.listening) return;
      caller.pressed = phone.press("1");
      phone.press("1");
      phone.press("1");
    }),
  );
  return caller;
}

/** Who has pressed waits longer: the message may still come. */
const PATIENCE_MS = { before: 6000, after: 9000 };
const LOOK_EVERY_MS = 100;
const SHARE_OF_STAYERS = 0.2;
/** The stayers fill the queue only so far. */
const MOST_STAYERS = 20;

export function createCallers(
  twilio: Twilio,
  random: Random,
  { count, firstWaId }: { count: number; firstWaId: number },
): Callers {
  const callers: Caller[] = [];
  const shift = { over: false };
  let stayers = 0;

  async function line(): Promise<void> {
    while (!shift.over) {
      const caller = dial(twilio, String(firstWaId + callers.length));
      callers.push(caller);
      await lose(caller);
    }
  }

  /** Until the call is over or the caller's patience is; then hangs up, or stays and lets others dial. */
  async function lose(caller: Caller): Promise<void> {
    const { phone } = caller;
    const dialled = performance.now();
    const patience = () => (caller.pressed ? PATIENCE_MS.after : PATIENCE_MS.before);
    while (!shift.over && phone.endedAt === null && performance.now() - dialled < patience())
      await pause(LOOK_EVERY_MS);
    if (shift.over || phone.endedAt !== null) return;
    if (stayers < MOST_STAYERS && random.chance(SHARE_OF_STAYERS)) stayers += 1;
    else phone.hangUp();
  }

  for (let i = 0; i < count; i += 1) void line();
  return {
    callers,
    stop() {
      shift.over = true;
    },
  };
}
