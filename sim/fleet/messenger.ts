import type { DeflectionEvent } from "../../src/router/core/deflection.ts";
import type { Random } from "../kit/random.ts";
import type { Agenda } from "./agenda.ts";
import { around, type Faults } from "./faults.ts";
import type { Live } from "./live.ts";

export interface Messenger {
  /** Takes a message from the outbox, which loses nothing but may be slow. */
  send(live: Live): void;
}

interface MessengerDeps {
  agenda: Agenda;
  random: Random;
  faults: Faults;
  tell(live: Live, event: DeflectionEvent): void;
}

const LATE_MS = 30_000;

/** A messenger whose reports come late, twice, in any order or never. */
export function createMessenger({ agenda, random, faults, tell }: MessengerDeps): Messenger {
  function report(live: Live, event: DeflectionEvent, delay: number) {
    if (event.kind === "invite-status" && random.chance(faults.statusLost)) return;
    const late = random.chance(faults.statusLate) ? around(random, LATE_MS) : 0;
    const times = random.chance(faults.statusDoubled) ? 2 : 1;
    for (let i = 0; i < times; i++)
      agenda.after(delay + late + i * around(random, 1000), () => {
        if (isFailure(event)) live.failureTold = true;
        tell(live, event);
      });
  }

  const status = (live: Live, name: "sent" | "delivered" | "read" | "failed", delay: number) =>
    report(live, { kind: "invite-status", status: name, notHere: name === "failed" && !live.onMessenger }, delay);

  function fail(live: Live, event: DeflectionEvent, delay: number) {
    live.message = "failed";
    report(live, event, delay);
  }

  /** What the messenger does with a message it has taken. */
  function deliver(live: Live) {
    live.message = "sent";
    status(live, "sent", around(random, 500));
    if (!live.onMessenger || random.chance(faults.failsLater))
      return agenda.after(around(random, 3000), () =>
        fail(live, { kind: "invite-status", status: "failed", notHere: !live.onMessenger }, 0),
      );
    if (random.chance(faults.neverDelivered)) return;
    agenda.after(around(random, 2500), () => {
      live.message = "delivered";
      if (!random.chance(0.1)) status(live, "delivered", around(random, 200));
      status(live, "read", around(random, 4000));
    });
  }

  return {
    send(live) {
      const delay = around(random, 150);
      agenda.after(delay, () => {
        if (random.chance(faults.inviteRefused))
          return fail(live, { kind: "invite-refused", notHere: random.chance(0.5) }, 0);
        if (random.chance(faults.inviteBusy)) {
          report(live, { kind: "invite-busy" }, 0);
          return agenda.after(around(random, 20_000), () => deliver(live));
        }
        if (random.chance(faults.inviteUnclear)) {
          report(live, { kind: "invite-unclear" }, 0);
          if (random.chance(0.5)) deliver(live);
          return;
        }
        report(live, { kind: "invite-accepted" }, 0);
        deliver(live);
      });
    },
  };
}

const isFailure = (event: DeflectionEvent) =>
  event.kind === "invite-refused" || (event.kind === "invite-status" && event.status === "failed");
