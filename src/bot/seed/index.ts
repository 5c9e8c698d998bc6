import type { Intent } from "../turn.ts";
import { deliveryIntents } from "./delivery.ts";
import { orderIntents } from "./orders.ts";
import { paymentIntents } from "./payment.ts";
import { returnIntents } from "./returns.ts";
import { shopIntents } from "./shop.ts";
import { talkIntents } from "./talk.ts";

/** What the bot of the demo toy shop «Кубик и Ко» / "Kubik & Co" knows before anybody edits it. */
export const seedKnowledge: Intent[] = [
  ...orderIntents,
  ...deliveryIntents,
  ...returnIntents,
  ...paymentIntents,
  ...shopIntents,
  ...talkIntents,
];
