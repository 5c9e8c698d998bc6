import type { Bot } from "#bot";
import type { Brands } from "#company";
import type { Database, Wakes } from "#db";
import { newId, type Clock } from "#kit";
import type { Staff } from "#staff";
import { createAnswers } from "./answers.ts";
import { createAssigning } from "./assigning.ts";
import type { Channel } from "./channel.ts";
import { createConduct } from "./conduct.ts";
import type { Chat, ChatHooks } from "./door.ts";
import { createEars } from "./ears-pump.ts";
import { createIds } from "./ids.ts";
import { createInbound } from "./inbound.ts";
import { createInboxPump } from "./inbox-pump.ts";
import { createInvites } from "./invites.ts";
import { createListener } from "./listener.ts";
import type { Log } from "./log.ts";
import { createOperatorActions } from "./operator-actions.ts";
import { createOutboxPump } from "./outbox-pump.ts";
import { createRoom } from "./room.ts";
import { conversationRoutes } from "./routes/conversations.ts";
import { webhookRoutes } from "./routes/webhooks.ts";
import { createSettlePump } from "./settle-pump.ts";
import type { ChatSettings } from "./settings.ts";
import type { ChatWatch } from "./watch.ts";

/** What the room needs from outside. */
export interface ChatDeps {
  /** For webhooks and the API. */
  front: Database;
  /** For the loops. */
  back: Database;
  clock: Clock;
  wakes: Wakes;
  channels: Channel[];
  brands: Pick<Brands, "find" | "ofQueue" | "queueFor">;
  bot: Bot;
  staff: Pick<Staff, "operatorOf" | "onPresence">;
  settings: ChatSettings;
  log: Log;
  hooks: ChatHooks;
  watch?: ChatWatch;
  /** False in a process that answers no webhooks. */
  hears?: boolean;
}

/** Conversations in messengers: what comes in, who answers, what goes out. */
export function createChat(deps: ChatDeps): Chat {
  const { front, back, clock, wakes, brands, bot, staff, settings, log, hooks, watch = {}, hears = true } = deps;
  const channels = new Map(deps.channels.map((channel) => [channel.name, channel]));
  const ids = createIds(clock);
  /** This start of this process: what an earlier one was sending is not ours. */
  const epoch = newId(clock.now());

  const conduct = createConduct({ ids, channels, settings });
  const answers = createAnswers({ back, clock, wakes, log, bot, hooks, conduct, channels, brands, settings, watch });
  const listener = createListener({ conduct, ids, channels, brands, settings });
  const takeIn = createInbound({ listener, hooks });
  const inbox = createInboxPump({ back, clock, wakes, log, takeIn, watch, follow: answers.follow });
  const outboxes = deps.channels.map((channel) =>
    createOutboxPump({ back, clock, wakes, log, hooks, watch, channel, epoch }),
  );
  const settling = createSettlePump({ back, clock, wakes, hooks, conduct, settings, epoch, hears });
  const assigning = createAssigning({ back, clock, wakes, conduct, settings });
  const actions = createOperatorActions({ front, clock, wakes, conduct, channels, settings });

  staff.onPresence(async (tx) => tx.afterCommit(() => wakes.wake("conversations")));

  return {
    webhooks: webhookRoutes({ front, clock, wakes, ids, log, channels, watch }),
    routes: conversationRoutes({ front, clock, staff, conduct, actions }),
    pumps: [inbox, answers.pump, assigning, ...outboxes.map(({ pump }) => pump), settling],
    ears: createEars({ back, clock }),
    ...createInvites({ clock, wakes, ids, conduct, channels, brands }),
    room: createRoom({ clock, channels, brands, settings }),
    async idle() {
      await answers.idle();
      await Promise.all(outboxes.map((outbox) => outbox.idle()));
    },
  };
}
