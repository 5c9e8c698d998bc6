/** The door of `chat`: conversations in messengers, who answers them, and what was thought of it. */
export type {
  Abilities,
  Account,
  Address,
  Channel,
  ChannelEvent,
  ChannelMedia,
  Choice,
  DeliveryStatus,
  FetchOutcome,
  InboundContent,
  MediaAbilities,
  MediaKind,
  OutboundContent,
  OutboundMessage,
  ReachProbe,
  RefusalReason,
  SendOutcome,
  Webhook,
} from "./channel.ts";
export type { CallTime, Chat, ChatHooks, Invite, InviteProgress, Notice } from "./door.ts";
export type { ChatWatch } from "./watch.ts";
export { createChat } from "./chat.ts";
export { inboxUpkeep, mediaUpkeep } from "./upkeep.ts";
export { chatSettings } from "./settings.ts";
