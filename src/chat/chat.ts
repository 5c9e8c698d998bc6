import type { Bot } from "#bot";
import type { Brands } from "#company";
import type { Database, Wakes } from "#db";
import { newId, type Clock } from "#kit";
import type { Staff } from "#staff";
import { createAnswers } from "./answers.ts";
import { createAssigning } from "./assigning.ts";
import { createBlocks } from "./blocks.ts";
import type { Channel } from "./channel.ts";
import { createConduct } from "./conduct.ts";
import type { Chat, ChatHooks } from "./door.ts";
import { createIds } from "./ids.ts";
import { createInbound } from "./inbound.ts";
import { createInboxPump } from "./inbox-pump.ts";
import { createIntake } from "./intake.ts";
import { createInvites } from "./invites.ts";
import { createLinks } from "./links.ts";
import { createListener } from "./listener.ts";
import type { Log } from "./log.ts";
import { createOperatorActions } from "./operator-actions.ts";
import { createOutboxPump } from "./outbox-pump.ts";
import { createPulling } from "./pulling.ts";
import { createRoom } from "./room.ts";
import { conversationRoutes } from "./routes/conversations.ts";
import { webhookRoutes } from "./routes/webhooks.ts";
import { createSettlePump } from "./settle-pump.ts";
import type { ChatSettings } from "./settings.ts";

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
}

/** Conversations in messengers: what comes in, who answers, what goes out. */
export function createChat({
  front,
  back,
  clock,
  wakes,
  brands,
  bot,
  staff,
  settings,
  log,
  hooks,
  ...deps
}: ChatDeps): Chat {
  const channels = new Map(deps.channels.map((channel) => [channel.name, channel]));
  const ids = createIds(clock);
  /** This start of this process: what an earlier one was sending is not ours. */
  const epoch = newId(clock.now());

  const conduct = createConduct({ ids, channels, settings });
  const answers = createAnswers({ back, clock, wakes, log, bot, hooks, conduct, channels, brands, settings });
  const listener = createListener({ conduct, ids, channels, brands, settings });
  const blocks = createBlocks({ conduct });
  const takeIn = createInbound({ listener, blocks, channels, hooks });
  const inbox = createInboxPump({ back, clock, wakes, log, takeIn, follow: answers.follow });
  const outboxes = deps.channels.map((channel) => createOutboxPump({ back, clock, wakes, log, hooks, channel, epoch }));
  const keep = createIntake({ front, clock, wakes, ids });
  const pullings = deps.channels.flatMap((channel) =>
    channel.pull ? [createPulling({ back, clock, log, channel, pull: channel.pull, keep })] : [],
  );
  const settling = createSettlePump({ back, clock, wakes, hooks, channels: deps.channels, settings, epoch });
  const assigning = createAssigning({ back, clock, wakes, conduct, settings });
  const links = createLinks({ clock, channels, brands });
  const actions = createOperatorActions({ front, clock, wakes, conduct, channels, links, settings });

  staff.onPresence(async (tx) => tx.afterCommit(() => wakes.wake("conversations")));

  return {
    webhooks: webhookRoutes({ log, channels, keep }),
    routes: conversationRoutes({ front, clock, staff, conduct, actions }),
    pumps: [...[...pullings, answers, ...outboxes].map(({ pump }) => pump), inbox, assigning, settling],
    ...links,
    ...createInvites({ clock, wakes, ids, conduct, channels, brands }),
    room: createRoom({ clock, channels, brands, settings }),
    async idle() {
      await Promise.all(pullings.map((pulling) => pulling.idle()));
      await answers.idle();
      await Promise.all(outboxes.map((outbox) => outbox.idle()));
    },
  };
}
