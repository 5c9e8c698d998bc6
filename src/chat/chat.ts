import type { Bot } from "#bot";
import type { Brands } from "#company";
import type { Database, Wakes } from "#db";
import { newId, type Clock } from "#kit";
import type { MediaStore, Spool } from "#media";
import type { Staff } from "#staff";
import { endAll, raise } from "./alarm-store.ts";
import { createAttachments } from "./attachments.ts";
import { createAnswers } from "./answers.ts";
import { createAssigning } from "./assigning.ts";
import { createBlocks } from "./blocks.ts";
import type { Channel } from "./channel.ts";
import { createConduct } from "./conduct.ts";
import type { Chat, ChatHooks } from "./door.ts";
import { createEars } from "./ears-pump.ts";
import { createIds } from "./ids.ts";
import { createInbound } from "./inbound.ts";
import { createInboxPump } from "./inbox-pump.ts";
import { insertInbox } from "./inbox-store.ts";
import { createIntake } from "./intake.ts";
import { createInvites } from "./invites.ts";
import { createLinks } from "./links.ts";
import { createListener } from "./listener.ts";
import type { Log } from "./log.ts";
import { createKeeper } from "./media-files.ts";
import { createMediaPump } from "./media-pump.ts";
import { createOperatorActions } from "./operator-actions.ts";
import { createOutboxPump } from "./outbox-pump.ts";
import { createPulling } from "./pulling.ts";
import { createRoom } from "./room.ts";
import { contactRoutes } from "./routes/contacts.ts";
import { alarmRoutes } from "./routes/alarms.ts";
import { conversationRoutes } from "./routes/conversations.ts";
import { fileRoutes } from "./routes/files.ts";
import { mediaRoutes } from "./routes/media.ts";
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
  /** Where files are kept, where they wait, and how large they may be. */
  media: { store: MediaStore; spool: Spool; mostBytes: number };
  /** False in a process that answers no webhooks. */
  hears?: boolean;
}

/** Conversations in messengers: what comes in, who answers, what goes out. */
export function createChat(deps: ChatDeps): Chat {
  const { front, back, clock, wakes, brands, bot, staff, settings, log, hooks, media, watch = {}, hears = true } = deps;
  const channels = new Map(deps.channels.map((channel) => [channel.name, channel]));
  const ids = createIds(clock);
  /** This start of this process: what an earlier one was sending is not ours. */
  const epoch = newId(clock.now());

  const conduct = createConduct({ ids, channels, settings });
  const answers = createAnswers({ back, clock, wakes, log, bot, hooks, conduct, channels, brands, settings, watch });
  const listener = createListener({ conduct, ids, channels, brands, settings });
  const blocks = createBlocks({ conduct });
  const takeIn = createInbound({ listener, blocks, channels, hooks });
  const inbox = createInboxPump({ back, clock, wakes, log, takeIn, watch, follow: answers.follow });
  const outboxes = deps.channels.map((channel) =>
    createOutboxPump({ back, clock, wakes, log, hooks, watch, channel, store: media.store, epoch }),
  );
  const keeper = createKeeper({ ...media, clock, log });
  const files = createMediaPump({ back, clock, wakes, log, channels, keeper, epoch, ...media });
  const keep = createIntake({ front, clock, wakes, ids, watch });
  const pullings = deps.channels.flatMap((channel) =>
    channel.pull ? [createPulling({ back, clock, log, channel, pull: channel.pull, keep })] : [],
  );
  const settling = createSettlePump({
    back,
    clock,
    wakes,
    hooks,
    conduct,
    channels: deps.channels,
    settings,
    epoch,
    hears,
  });
  const assigning = createAssigning({ back, clock, wakes, conduct, settings });
  const links = createLinks({ clock, channels, brands });
  const actions = createOperatorActions({ front, clock, wakes, ids, conduct, channels, links, settings, hooks });
  const attachments = createAttachments({ front, clock, wakes, conduct, actions, keeper, ...media });

  staff.onPresence(async (tx) => tx.afterCommit(() => wakes.wake("conversations")));

  return {
    webhooks: webhookRoutes({ log, channels, keep }),
    routes: async (app) => {
      await app.register(conversationRoutes({ front, clock, staff, conduct, actions, attachments }));
      await app.register(mediaRoutes({ staff, attachments, ...media }));
      await app.register(contactRoutes({ front, clock, staff }));
      await app.register(alarmRoutes({ front }));
    },
    files: fileRoutes({ front, log, ...media }),
    async receive(channel, events) {
      const receivedAt = clock.now();
      await insertInbox(
        back,
        events.map((event) => ({ id: ids(), channel, event, receivedAt })),
      );
      wakes.wake("inbox");
    },
    alarms: {
      raise: (queries, alarm) => raise(queries, alarm, clock.now()),
      end: (queries, code) => endAll(queries, code, clock.now()),
    },
    pumps: [
      inbox,
      ...[...pullings, answers].map(({ pump }) => pump),
      assigning,
      ...outboxes.map(({ pump }) => pump),
      settling,
      files.pump,
    ],
    ears: createEars({ back, clock }),
    ...links,
    ...createInvites({ clock, wakes, ids, conduct, channels, brands }),
    room: createRoom({ clock, channels, brands, settings }),
    async idle() {
      await Promise.all(pullings.map((pulling) => pulling.idle()));
      await answers.idle();
      await Promise.all([...outboxes.map((outbox) => outbox.idle()), files.idle()]);
    },
    async stop() {
      await files.stop();
      await this.idle();
    },
  };
}
