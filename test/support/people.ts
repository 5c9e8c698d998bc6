import type { Phone } from "../../sim/twilio/index.ts";
import { demo } from "./demo-env.ts";
import type { World } from "./world.ts";

/** Somebody who works in the inbox, with a session of their own. */
export interface Worker {
  id: string;
  email: string;
  request<T = Record<string, unknown>>(
    method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE",
    path: string,
    body?: object,
  ): Promise<{ status: number; body: T }>;
}

/** Signs in with the administrator of the world. */
export const admin = (world: World): Promise<Worker> => signIn(world, demo.admin.email, demo.admin.password);

let hired = 0;

/** A new operator, signed in and online; calls ring at `client:<name>`. */
export async function operator(
  world: World,
  { capacity = 4, locale = "ru", online = true } = {},
): Promise<Worker & { endpoint: string }> {
  const name = `operator${++hired}`;
  const account = { email: `${name}@kubik.example`, password: "a long enough password", phone: `client:${name}` };
  const { status, body } = await (
    await admin(world)
  ).request("POST", "/api/operators", { ...account, name, role: "operator", locale, capacity });
  if (status !== 201) throw new Error(`No operator was created: ${JSON.stringify(body)}`);
  const worker = await signIn(world, account.email, account.password);
  if (online) await worker.request("PUT", "/api/presence", { status: "online" });
  await world.settle();
  return { ...worker, endpoint: account.phone };
}

async function signIn(world: World, email: string, password: string): Promise<Worker> {
  const response = await fetch(`${world.detour.url}/api/session`, {
    method: "POST",
    headers: { "content-type": "application/json", "x-detour": "1" },
    body: JSON.stringify({ email, password }),
  });
  const cookie = response.headers.get("set-cookie")?.split(";")[0];
  if (!response.ok || !cookie)
    throw new Error(`${email} could not sign in: ${response.status} ${await response.text()}`);
  const { operator } = (await response.json()) as { operator: { id: string } };
  return {
    id: operator.id,
    email,
    async request<T>(method: string, path: string, body?: object) {
      const answer = await fetch(`${world.detour.url}${path}`, {
        method,
        headers: { cookie, "x-detour": "1", ...(body ? { "content-type": "application/json" } : {}) },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      const text = await answer.text();
      return { status: answer.status, body: (text ? JSON.parse(text) : {}) as T };
    },
  };
}

export const MOBILE = "+79161234567";

/** A caller who dialled and hears the offer. */
export async function callerHearingOffer(world: World, from = MOBILE): Promise<Phone> {
  const phone = world.twilio.phones.call({ from });
  await world.until("the caller hears the offer", () => hears(phone, OFFER) && phone.listening);
  return phone;
}

export const OFFER = /нажмите 1/;
export const hears = (phone: Phone, words: RegExp) =>
  phone.heard.some(({ kind, text }) => kind === "say" && words.test(text));
/** Sentences heard, oldest first. */
export const sentences = (phone: Phone) => phone.heard.filter(({ kind }) => kind === "say").map(({ text }) => text);

/** The event log of a call, as a list of kinds or with data. */
export async function story(world: World, phone: Phone) {
  return world.db.query<{ at: number; kind: string; data: Record<string, any> }>(
    `select at, kind, data from event where call_id = (select id from call where provider_call = $1) order by seq`,
    [phone.sid],
  );
}

export const kindsOf = (events: { kind: string }[]) => events.map(({ kind }) => kind);

/** The place of a waiting call by first time in the queue; null when it does not wait. */
export async function placeOf(world: World, phone: Phone): Promise<number | null> {
  const [row] = await world.db.query<{ place: number }>(
    `select (select count(*) from call other where other.status = 'waiting' and other.queue = mine.queue and (other.enqueued_at, other.id) < (mine.enqueued_at, mine.id))
          + (select count(*) from callback where status = 'waiting' and callback.queue = mine.queue and callback.enqueued_at < mine.enqueued_at) + 1 as place
     from call mine where mine.provider_call = $1 and mine.status = 'waiting'`,
    [phone.sid],
  );
  return row?.place ?? null;
}
