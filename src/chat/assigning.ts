import { earlier, millis, type Clock, type ConversationId } from "#kit";
import type { Database, Tx, Wakes } from "#db";
import type { Pump } from "#jobs";
import {
  candidates,
  isWorthSweeping,
  lockAvailable,
  noteAssigned,
  takeDeserted,
  takeQueue,
} from "./assignment-store.ts";
import type { Conduct } from "./conduct.ts";
import { assign } from "./core/assignment.ts";
import { save } from "./save.ts";
import type { ChatSettings } from "./settings.ts";
import { takeThreads } from "./thread-store.ts";
import { noChanges, type Changes } from "./thread.ts";

interface Deps {
  back: Database;
  clock: Clock;
  wakes: Wakes;
  conduct: Conduct;
  settings: ChatSettings;
}

const MOST = 100;

/** Gives waiting customers to operators with room, after every hand-off, closing and change of presence. */
export function createAssigning({ back, clock, wakes, conduct, settings }: Deps): Pump {
  async function work(): Promise<number> {
    if (!(await isWorthSweeping(back))) return 0;
    const given = await back.tx(sweep);
    if (given > 0) wakes.wake("events");
    return given;
  }

  /** One transaction from counting to giving, under the locks of everybody who may get something. */
  async function sweep(tx: Tx): Promise<number> {
    const changes = noChanges(clock.now());
    await takeBack(tx, changes);
    const ids = await lockAvailable(tx);
    if (ids.length > 0)
      await give(tx, await candidates(tx, ids, earlier(changes.at, millis(settings.CHAT_SILENT_AFTER_MS))), changes);
    await save(tx, changes, conduct.rules(""));
    return changes.threads.size;
  }

  async function give(tx: Tx, operators: Parameters<typeof assign>[1], changes: Changes): Promise<void> {
    const made = new Map(assign(await takeQueue(tx, MOST), operators).map((one) => [one.conversationId, one]));
    if (made.size === 0) return;
    for (const thread of await takeThreads(tx, [...made.keys()])) {
      const { operatorId, reason } = made.get(thread.id)!;
      conduct.tell(thread, { kind: "assigned", at: changes.at, operatorId, reason }, changes);
    }
    await noteAssigned(tx, [...new Set([...made.values()].map(({ operatorId }) => operatorId))], changes.at);
  }

  /** Nobody waits for an operator who has gone home. */
  async function takeBack(tx: Tx, changes: Changes): Promise<void> {
    const ids: ConversationId[] = await takeDeserted(tx, MOST);
    if (ids.length === 0) return;
    for (const thread of await takeThreads(tx, ids)) {
      conduct.tell(thread, { kind: "transferred", at: changes.at, by: null, to: "queue" }, changes);
    }
  }

  return { name: "assignment", wokenBy: ["conversations"], work, nextDueAt: async () => null };
}
