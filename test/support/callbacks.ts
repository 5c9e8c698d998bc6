import type { Phone } from "../../sim/twilio/index.ts";
import { callerHearingOffer, hears, MOBILE } from "./people.ts";
import type { World } from "./world.ts";

/** A caller to whom the message never comes and who chooses to be called back. */
export async function choosesCallback(world: World, from = MOBILE): Promise<Phone> {
  world.whatsapp.faults.neverDelivered = true;
  const phone = await callerHearingOffer(world, from);
  phone.press("1");
  await world.until("the caller hears a choice", () => hears(phone, /Пока не видно/) && phone.listening);
  phone.press("2");
  await world.until("the call ends", () => phone.state === "ended");
  return phone;
}

interface StoredCallback {
  id: string;
  phone: string;
  queue: string;
  status: string;
  reason: string;
  enqueued_at: number;
  promised_at: number | null;
  due_at: number | null;
  state: Record<string, any> | null;
  note: string | null;
}

export const allCallbacks = (world: World) =>
  world.db.query<StoredCallback>(
    "select id, phone, queue, status, reason, enqueued_at, promised_at, due_at, state, note from callback order by created_at, id",
  );

/** The only callback of a story. */
export async function theCallback(world: World): Promise<StoredCallback> {
  const [only, ...others] = await allCallbacks(world);
  if (!only || others.length > 0) throw new Error(`There are ${others.length + (only ? 1 : 0)} callbacks.`);
  return only;
}

export const isAt = (world: World, status: string) => async () => (await theCallback(world)).status === status;

/** What the log tells about callbacks, oldest first. */
export const callbackSteps = (world: World) =>
  world.db.query<{ kind: string; at: number; data: Record<string, any> }>(
    "select kind, at, data from event where kind like 'callback.%' order by seq",
  );

/** The newest leg to this phone, live or over. */
export const legTo = (world: World, endpoint: string): Phone | null => world.twilio.operatorPhones.leg(endpoint);

/** How often a phone was rung, as the provider knows. */
export const timesRung = (world: World, endpoint: string): number => world.twilio.operatorPhones.legs(endpoint).length;

/** The two hear each other. */
export const talks = (world: World, endpoint: string) => () => legTo(world, endpoint)?.state === "talking";
