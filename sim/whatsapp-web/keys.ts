import type { BinaryNode } from "@whiskeysockets/baileys";
import { bytesIn, child, children, node, numberIn, resultOf } from "./nodes.ts";
import type { UploadedKeys } from "./signal.ts";
import { personBehind, type LinkedDevice, type World } from "./world.ts";

/** Answers `encrypt`: counts and takes in the device's keys, gives out those of others. */
export function answerKeys(world: World, device: LinkedDevice, query: BinaryNode): BinaryNode {
  if (query.attrs["type"] === "set") {
    if (child(query, "list")) device.keys = readUpload(query, device.keys);
    return resultOf(query);
  }
  if (child(query, "count")) {
    return resultOf(query, node("count", { value: String(device.keys?.preKeys.length ?? 0) }));
  }
  if (child(query, "digest")) return resultOf(query, node("digest"));
  const wanted = children(child(query, "key") ?? node("key"));
  return resultOf(
    query,
    node(
      "list",
      {},
      wanted.flatMap(({ attrs }) => bundleOf(world, attrs["jid"]!)),
    ),
  );
}

const bundleOf = (world: World, jid: string): BinaryNode[] => {
  const person = personBehind(world, jid);
  return person ? [person.phone.bundle(jid)] : [];
};

function readUpload(query: BinaryNode, before: UploadedKeys | null): UploadedKeys {
  const signed = child(query, "skey");
  const fresh = children(child(query, "list")!).map((key) => ({
    keyId: numberIn(key, "id"),
    publicKey: bytesIn(key, "value"),
  }));
  return {
    registrationId: numberIn(query, "registration"),
    identityKey: bytesIn(query, "identity"),
    signedPreKey: {
      keyId: numberIn(signed, "id"),
      publicKey: bytesIn(signed, "value"),
      signature: bytesIn(signed, "signature"),
    },
    preKeys: [...(before?.preKeys ?? []), ...fresh],
  };
}
