import websocket from "@fastify/websocket";
import fastify from "fastify";
import type { AddressInfo } from "node:net";
import type { Clock } from "#kit";
import { createInFlight } from "../kit/inflight.ts";
import { createRandom } from "../kit/random.ts";
import { openConnection, type Connection, type Wire } from "./connection.ts";
import { createCustomer, type Customer } from "./customer.ts";
import { serve, welcome } from "./device.ts";
import { noFaults, type WebFaults } from "./faults.ts";
import { muffle } from "./muffle.ts";
import { child, resultOf } from "./nodes.ts";
import { createIdentity, type Introduced } from "./noise.ts";
import {
  askForRestart,
  link,
  offerPairing,
  readQr,
  takeFinish,
  takeHello,
  typeCode,
  type Candidate,
} from "./pairing.ts";
import { createSignalDevice } from "./signal.ts";
import type { LinkedDevice, Person, Seen, World } from "./world.ts";

/** A stand-in for the server of WhatsApp Web, with any number of telephones behind it. */
export interface WhatsAppWeb {
  /** Where the client connects to, known after `listen`. */
  readonly url: string;
  /** What the client must trust instead of WhatsApp's own root key. Hex. */
  readonly rootKey: string;
  readonly faults: WebFaults;
  readonly latencies: { delivered: number };
  readonly seen: Seen;
  /** Puts a telephone into the world; digits without plus. */
  register(number: string, options?: { name?: string; registered?: boolean }): Person;
  /** A customer's telephone as it deals with the account's linked device. */
  customer(number: string, account: string): Customer;
  /** The owner of the account scans the picture. */
  scan(number: string, qr: string): void;
  /** The owner of the account types the code into the telephone. */
  type(number: string, code: string): Promise<void>;
  /** From now on the account is refused, and its connection ends, with this code. */
  ban(number: string, code: number): void;
  forgive(number: string): void;
  /** Ends the account's connection with this code; it may come back. */
  disconnect(number: string, code: number): void;
  isOnline(number: string): boolean;
  /** Whether the account has any linked device. */
  isLinked(number: string): boolean;
  /** Nothing goes wrong any more, and nothing was ever seen or received; links and telephones stay. */
  begin(): void;
  /** Breaks every line without a word. */
  cut(): void;
  /** Sends the account's connection something nobody can decrypt. */
  garble(number: string): void;
  listen(): Promise<string>;
  /** Resolves when nothing that was said is still being worked on. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

muffle();

const UNKNOWN_DEVICE = 401;
const REPLACED = 440;

export function createWhatsAppWeb({ clock, seed = 1 }: { clock: Clock; seed?: number }): WhatsAppWeb {
  const inFlight = createInFlight();
  const candidates = new Map<Connection, Candidate>();
  const world: World = {
    clock,
    random: createRandom(seed),
    identity: createIdentity(),
    faults: noFaults(),
    people: new Map(),
    devices: [],
    connections: new Set(),
    refused: new Map(),
    latencies: { delivered: 900 },
    seen: { lookups: [], logins: 0, typing: [], receipts: [] },
  };
  const deviceOn = (connection: Connection) => world.devices.find((device) => device.connection === connection);
  const devicesOf = (number: string) => world.devices.filter(({ account }) => account.number === number);

  function introduce(connection: Connection, { noiseKey, payload }: Introduced) {
    const { devicePairingData } = payload;
    if (devicePairingData) {
      const who = { noiseKey, identityKey: devicePairingData.eIdent! };
      candidates.set(connection, offerPairing(connection, who));
      return;
    }
    const number = String(payload.username);
    const device = devicesOf(number).find(({ index }) => index === payload.device);
    const refused = world.refused.get(number);
    if (refused !== undefined || !device || !device.noiseKey.equals(noiseKey))
      return connection.refuse(refused ?? UNKNOWN_DEVICE);
    device.connection?.end(REPLACED);
    device.connection = connection;
    welcome(world, device);
  }

  async function hear(connection: Connection, said: Parameters<typeof serve>[2]) {
    const candidate = candidates.get(connection);
    const device = deviceOn(connection);
    if (device) return serve(world, device, said);
    if (!candidate || said.tag !== "iq") return;
    const step = child(said, "link_code_companion_reg")?.attrs["stage"];
    if (child(said, "pair-device-sign")) askForRestart(candidate);
    else if (step === "companion_hello") connection.send(takeHello(candidate, said));
    else if (step === "companion_finish") {
      connection.send(resultOf(said));
      const secret = takeFinish(candidate, said);
      if (secret) link(world, candidate, secret.account, secret.advSecret);
    }
  }

  function leave(connection: Connection) {
    world.connections.delete(connection);
    candidates.delete(connection);
    for (const device of world.devices) if (device.connection === connection) device.connection = null;
  }

  const app = fastify({ forceCloseConnections: true });
  void app.register(websocket);
  void app.register(async (scope) => {
    scope.get("/ws/chat", { websocket: true }, (socket) => {
      if (world.faults.down) return socket.terminate();
      const handlers = { onIntroduced: introduce, onNode: hear, onClose: leave };
      world.connections.add(openConnection(socket as Wire, world.identity, inFlight, handlers));
    });
  });

  const personOf = (number: string): Person => {
    const person = world.people.get(number);
    if (!person) throw new Error(`Nobody has the number ${number}.`);
    return person;
  };
  const waiting = (fits: (candidate: Candidate) => boolean): Candidate => {
    const found = [...candidates.values()].find(fits);
    if (!found) throw new Error("No browser waits for this.");
    return found;
  };
  const onlineDevice = (number: string): LinkedDevice => {
    const device = devicesOf(number).at(-1);
    if (!device) throw new Error(`The account ${number} has no linked device.`);
    return device;
  };

  return {
    get url() {
      return `ws://127.0.0.1:${(app.server.address() as AddressInfo).port}/ws/chat`;
    },
    rootKey: Buffer.from(world.identity.rootKey).toString("hex"),
    faults: world.faults,
    latencies: world.latencies,
    seen: world.seen,
    register(number, { name = `+${number}`, registered = true } = {}) {
      const lid = String(100_000_000_000 + world.people.size + 1);
      const phone = createSignalDevice();
      const person: Person = { number, lid, name, registered, phone, received: [], sessions: new Set() };
      world.people.set(number, person);
      return person;
    },
    customer: (number, account) => createCustomer(world, personOf(number), () => onlineDevice(account)),
    scan(number, qr) {
      const { ref, advSecret } = readQr(qr);
      link(
        world,
        waiting(({ refs }) => refs.includes(ref)),
        personOf(number),
        advSecret,
      );
    },
    type: (number, code) =>
      typeCode(
        waiting(({ hello }) => hello?.number === number),
        personOf(number),
        code,
      ),
    ban(number, code) {
      world.refused.set(number, code);
      for (const { connection } of devicesOf(number)) connection?.end(code);
    },
    forgive: (number) => void world.refused.delete(number),
    disconnect(number, code) {
      for (const { connection } of devicesOf(number)) connection?.end(code);
    },
    garble(number) {
      for (const { connection } of devicesOf(number)) connection?.garble();
    },
    isLinked: (number) => devicesOf(number).length > 0,
    isOnline: (number) => devicesOf(number).some(({ connection }) => connection !== null),
    begin() {
      Object.assign(world.faults, noFaults());
      world.refused.clear();
      Object.assign(world.seen, { lookups: [], logins: 0, typing: [], receipts: [] });
      for (const { received } of world.people.values()) received.length = 0;
      for (const { unacknowledged } of world.devices) unacknowledged.clear();
    },
    cut() {
      for (const connection of world.connections) connection.cut();
    },
    async listen() {
      await app.listen({ port: 0, host: "127.0.0.1" });
      return this.url;
    },
    idle: () => inFlight.idle(),
    async close() {
      for (const connection of world.connections) connection.cut();
      await app.close();
    },
  };
}
