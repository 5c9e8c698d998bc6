import type { BinaryNode } from "@whiskeysockets/baileys";
import type { Clock, Instant } from "#kit";
import type { Random } from "../kit/random.ts";
import type { Connection } from "./connection.ts";
import type { WebFaults } from "./faults.ts";
import type { Identity } from "./noise.ts";
import type { SignalDevice, UploadedKeys } from "./signal.ts";

/** Somebody with a telephone, with or without WhatsApp on it. */
export interface Person {
  /** Digits without plus. */
  number: string;
  /** How WhatsApp names the person without the number. Digits. */
  lid: string;
  name: string;
  registered: boolean;
  phone: SignalDevice;
  /** What arrived from the linked device, oldest first. */
  received: Received[];
  /** Sessions with linked devices that exist on this phone. */
  sessions: Set<string>;
}

/** A message the business sent, as the customer's phone reads it. */
export interface Received {
  id: string;
  at: Instant;
  text: string;
  /** The id of the customer's message it answers. */
  repliesTo: string | null;
}

/** A browser that an account has linked: what the product is to WhatsApp. */
export interface LinkedDevice {
  account: Person;
  /** Its number among the devices of the account; 0 is the telephone. */
  index: number;
  noiseKey: Buffer;
  keys: UploadedKeys | null;
  connection: Connection | null;
  /** Given out until acknowledged, across connections. */
  unacknowledged: Map<string, BinaryNode>;
}

/** Everything the stand-in knows; the parts around it change it. */
export interface World {
  clock: Clock;
  random: Random;
  identity: Identity;
  faults: WebFaults;
  /** By number. */
  people: Map<string, Person>;
  devices: LinkedDevice[];
  connections: Set<Connection>;
  /** Accounts that are refused at the door, with the reason WhatsApp gives. */
  refused: Map<string, number>;
  latencies: { delivered: number };
  seen: Seen;
}

/** What the product did, for tests to look at. */
export interface Seen {
  /** Numbers asked about, in order, each with the moment. */
  lookups: { number: string; at: Instant }[];
  logins: number;
  typing: { to: string; state: string }[];
  /** Receipts the product gave for customers' messages. */
  receipts: { id: string; type: string }[];
}

export const pn = (number: string, device = 0): string =>
  device === 0 ? `${number}@s.whatsapp.net` : `${number}:${device}@s.whatsapp.net`;

export const lidOf = (lid: string, device = 0): string => (device === 0 ? `${lid}@lid` : `${lid}:${device}@lid`);

/** Who is behind a jid of either kind. */
export function personBehind(world: World, jid: string | undefined): Person | undefined {
  const [user = "", server] = (jid ?? "").split("@");
  const name = user.split(":")[0]!;
  if (server !== "lid") return world.people.get(name);
  return [...world.people.values()].find(({ lid }) => lid === name);
}
