/** The door of `chat`: conversations in messengers, who answers them, and what was thought of it. */
export type {
  Abilities,
  Account,
  Address,
  Channel,
  ChannelEvent,
  Choice,
  DeliveryStatus,
  InboundContent,
  OutboundContent,
  OutboundMessage,
  ReachProbe,
  RefusalReason,
  SendOutcome,
  Webhook,
} from "./channel.ts";
export type { Chat, ChatHooks, Invite, InviteProgress, Notice } from "./door.ts";
export { createChat } from "./chat.ts";
export { inboxUpkeep } from "./upkeep.ts";
export { chatSettings } from "./settings.ts";
