import type { BinaryNode } from "@whiskeysockets/baileys";
import { answerKeys } from "./keys.ts";
import { answerLookup } from "./lookups.ts";
import { acknowledge, catchUp, takeMessage } from "./mail.ts";
import { node, resultOf } from "./nodes.ts";
import { lidOf, type LinkedDevice, type World } from "./world.ts";

/** Lets a linked device in: the account is told its hidden name, then what it missed. */
export function welcome(world: World, device: LinkedDevice): void {
  const { account, index, connection } = device;
  world.seen.logins += 1;
  const t = String(Math.trunc(world.clock.now() / 1000));
  connection!.send(node("success", { t, lid: lidOf(account.lid, index) }));
  catchUp(device);
}

/** What a client that is somebody says. */
export async function serve(world: World, device: LinkedDevice, said: BinaryNode): Promise<void> {
  switch (said.tag) {
    case "iq":
      return answer(world, device, said);
    case "message":
      return takeMessage(world, device, said);
    case "receipt":
      world.seen.receipts.push({ id: said.attrs["id"]!, type: said.attrs["type"] ?? "delivered" });
      acknowledge(device, said);
      device.connection?.send(node("ack", { class: "receipt", id: said.attrs["id"]!, from: said.attrs["to"]! }));
      return;
    case "ack":
      return acknowledge(device, said);
    case "chatstate":
      for (const { tag } of Array.isArray(said.content) ? said.content : [])
        world.seen.typing.push({ to: said.attrs["to"]!, state: tag });
      return;
    default:
      return;
  }
}

function answer(world: World, device: LinkedDevice, query: BinaryNode): void {
  const reply = replyTo(world, device, query);
  if (reply === "cut") device.connection?.cut();
  else if (reply !== null) device.connection?.send(reply);
}

function replyTo(world: World, device: LinkedDevice, query: BinaryNode): BinaryNode | "cut" | null {
  switch (query.attrs["xmlns"]) {
    case "usync":
      return answerLookup(world, query);
    case "encrypt":
      return answerKeys(world, device, query);
    case "privacy":
      return resultOf(query, node("privacy", {}, [node("category", { name: "readreceipts", value: "all" })]));
    case "md":
      world.devices = world.devices.filter((one) => one !== device);
      return resultOf(query);
    default:
      return resultOf(query);
  }
}
