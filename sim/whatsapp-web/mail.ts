import { encodeWAMessage, proto, type BinaryNode, type WAMessageContent } from "@whiskeysockets/baileys";
import { millis, type Instant } from "#kit";
import { child, children, node } from "./nodes.ts";
import { openSession } from "./signal.ts";
import { lidOf, personBehind, pn, type LinkedDevice, type Person, type Received, type World } from "./world.ts";

/** Carries out a message of the product: acknowledges it, decrypts it on the customer's phone, reports the delivery. */
export async function takeMessage(world: World, device: LinkedDevice, message: BinaryNode): Promise<void> {
  const { messages } = world.faults;
  const id = message.attrs["id"]!;
  const to = message.attrs["to"]!;
  const ack = { class: "message", id, from: to, t: secondsOf(world.clock.now()) };
  if (messages.refuse !== null) {
    device.connection?.send(node("ack", { ...ack, error: String(messages.refuse) }));
    return;
  }
  const person = personBehind(world, to);
  const content = person && (await decrypt(world, device, person, message));
  if (content) person.received.push(readContent(content, id, world.clock.now()));
  if (messages.cutAfterAccept) device.connection?.cut();
  else if (!messages.noAck) device.connection?.send(node("ack", ack));
  if (content && !messages.neverDelivered) {
    // The phone may have been emptied meanwhile (`begin`): what it no longer has it reports to nobody.
    const has = () => person.received.some((received) => received.id === id);
    world.clock.after(millis(world.latencies.delivered), () => has() && report(world, device, { id, from: to }));
  }
}

/** A receipt of the customer's phone; without a type it says "delivered". */
export function report(world: World, device: LinkedDevice, receipt: { id: string; from: string; type?: string }): void {
  handOver(device, node("receipt", { t: secondsOf(world.clock.now()), ...receipt }));
}

async function decrypt(world: World, device: LinkedDevice, person: Person, message: BinaryNode) {
  const parts = children(child(message, "participants") ?? node("participants"));
  const mine = parts.find(({ attrs }) => personBehind(world, attrs["jid"]) === person);
  const enc = mine && child(mine, "enc");
  if (!enc || !person.registered) return null;
  const plain = await person.phone.repository.decryptMessage({
    jid: pn(device.account.number, device.index),
    type: enc.attrs["type"] as "pkmsg" | "msg",
    ciphertext: enc.content as Uint8Array,
  });
  person.sessions.add(sessionName(device));
  return proto.Message.decode(unpad(plain));
}

function readContent(content: proto.IMessage, id: string, at: Instant): Received {
  const text = content.conversation ?? content.extendedTextMessage?.text ?? "";
  return { id, at, text, repliesTo: content.extendedTextMessage?.contextInfo?.stanzaId ?? null };
}

/** Sends what a customer wrote to the linked device, encrypted on the customer's phone. */
export async function deliver(
  world: World,
  device: LinkedDevice,
  from: { person: Person; address: "lid" | "pn" },
  message: { id: string; content: WAMessageContent; edit?: string },
): Promise<void> {
  const { person } = from;
  const jid = pn(device.account.number, device.index);
  if (!person.sessions.has(sessionName(device))) await openSession(person.phone, jid, device.keys!);
  person.sessions.add(sessionName(device));
  const sealed = await person.phone.repository.encryptMessage({ jid, data: encodeWAMessage(message.content) });
  const names = from.address === "lid" ? hidden(person) : open(person);
  const attrs = { id: message.id, type: "text", t: secondsOf(world.clock.now()), notify: person.name, ...names };
  const enc = node("enc", { v: "2", type: sealed.type }, sealed.ciphertext);
  handOver(device, node("message", { ...attrs, ...(message.edit ? { edit: message.edit } : {}) }, [enc]));
}

const hidden = ({ lid, number }: Person) => ({ from: lidOf(lid), addressing_mode: "lid", sender_pn: pn(number) });
const open = ({ lid, number }: Person) => ({ from: pn(number), addressing_mode: "pn", sender_lid: lidOf(lid) });

/** What a device is given stays its own until acknowledged. */
function handOver(device: LinkedDevice, sent: BinaryNode): void {
  device.unacknowledged.set(nameOf(sent), sent);
  device.connection?.send(sent);
}

/** Gives a device that has come back what it missed, and says that this was all. */
export function catchUp({ connection, unacknowledged }: LinkedDevice): void {
  for (const sent of unacknowledged.values()) {
    connection?.send({ ...sent, attrs: { ...sent.attrs, offline: "0" } });
  }
  connection?.send(node("ib", {}, [node("offline", { count: String(unacknowledged.size) })]));
}

/** The device has it: an ack, or for a message a receipt. */
export function acknowledge(device: LinkedDevice, { tag, attrs }: BinaryNode): void {
  const what = tag === "receipt" ? "message" : attrs["class"]!;
  for (const [name, sent] of device.unacknowledged) {
    if (sent.tag === what && sent.attrs["id"] === attrs["id"]) device.unacknowledged.delete(name);
  }
}

const nameOf = ({ tag, attrs }: BinaryNode) => `${tag} ${attrs["id"]} ${attrs["type"] ?? ""}`;
const sessionName = (device: LinkedDevice) => pn(device.account.number, device.index);
const secondsOf = (at: Instant) => String(Math.trunc(at / 1000));

/** The last byte says how many bytes were added. */
const unpad = (bytes: Uint8Array): Uint8Array => bytes.subarray(0, bytes.length - bytes.at(-1)!);
