import {
  aesDecryptCTR,
  aesDecryptGCM,
  aesEncryptCTR,
  Curve,
  derivePairingCodeKey,
  hkdf,
  hmacSign,
  proto,
  WA_ADV_ACCOUNT_SIG_PREFIX,
  type BinaryNode,
  type KeyPair,
} from "@whiskeysockets/baileys";
import { randomBytes } from "node:crypto";
import type { Connection } from "./connection.ts";
import { bytesIn, child, node, resultOf, SERVER } from "./nodes.ts";
import { identityOf } from "./signal.ts";
import { lidOf, pn, type LinkedDevice, type Person, type World } from "./world.ts";

/** A browser that shows a QR code or a pairing code and waits for a telephone. */
export interface Candidate {
  connection: Connection;
  noiseKey: Buffer;
  identityKey: Buffer;
  refs: string[];
  /** What was sent for a pairing code: whose telephone shall ask for it, and the wrapped key. */
  hello: { number: string; wrapped: Buffer } | null;
  /** The telephone's side of an exchange by code. */
  exchange: { account: Person; ephemeral: KeyPair; companion: Buffer } | null;
}

const RESTART = 515;
const REFS = 6;

/** Offers the codes out of which a browser makes its QR pictures. */
export function offerPairing(
  connection: Connection,
  who: { noiseKey: Uint8Array; identityKey: Uint8Array },
): Candidate {
  const refs = Array.from({ length: REFS }, () => `2@${randomBytes(24).toString("base64")}`);
  const list = refs.map((ref) => node("ref", {}, Buffer.from(ref)));
  connection.send(
    node("iq", { type: "set", xmlns: "md", from: SERVER, id: "pair-1" }, [node("pair-device", {}, list)]),
  );
  const keys = { noiseKey: Buffer.from(who.noiseKey), identityKey: Buffer.from(who.identityKey) };
  return { connection, refs, ...keys, hello: null, exchange: null };
}

/** What a telephone reads in the picture. */
export function readQr(qr: string): { ref: string; advSecret: Buffer } {
  const [ref, , , secret] = qr.slice(qr.indexOf("#") + 1).split(",");
  return { ref: ref!, advSecret: Buffer.from(secret!, "base64") };
}

/** Links the browser to the account, as the telephone's confirmation does; the client comes back by itself. */
export function link(world: World, candidate: Candidate, account: Person, advSecret: Buffer): LinkedDevice {
  const index = 1 + world.devices.filter((device) => device.account === account).length;
  const device: LinkedDevice = {
    account,
    index,
    noiseKey: candidate.noiseKey,
    keys: null,
    connection: null,
    unacknowledged: new Map(),
  };
  world.devices.push(device);
  const content = [
    node("device-identity", {}, identityFor(account, candidate.identityKey, index, advSecret)),
    node("device", { jid: pn(account.number, index), lid: lidOf(account.lid, index) }),
    node("platform", { name: "android" }),
  ];
  candidate.connection.send(
    node("iq", { type: "set", xmlns: "md", from: SERVER, id: "pair-2" }, [node("pair-success", {}, content)]),
  );
  return device;
}

/** After the client has signed: "start again, you are somebody now". */
export const askForRestart = ({ connection }: Candidate): void => connection.end(RESTART);

function identityFor(account: Person, identityKey: Buffer, keyIndex: number, advSecret: Buffer): Uint8Array {
  const owner = identityOf(account.phone);
  const device = proto.ADVDeviceIdentity.encode({ rawId: 1, timestamp: 1, keyIndex }).finish();
  const signed = Buffer.concat([WA_ADV_ACCOUNT_SIG_PREFIX, device, identityKey]);
  const details = proto.ADVSignedDeviceIdentity.encode({
    details: device,
    accountSignatureKey: owner.public,
    accountSignature: Curve.sign(owner.private, signed),
  }).finish();
  return proto.ADVSignedDeviceIdentityHMAC.encode({ details, hmac: hmacSign(details, advSecret) }).finish();
}

/** Keeps what the browser sent for a pairing code; the account's telephone asks for the code now. */
export function takeHello(candidate: Candidate, query: BinaryNode): BinaryNode {
  const registration = child(query, "link_code_companion_reg")!;
  candidate.hello = {
    number: registration.attrs["jid"]!.split("@")[0]!,
    wrapped: bytesIn(registration, "link_code_pairing_wrapped_companion_ephemeral_pub"),
  };
  const ref = node("link_code_pairing_ref", {}, Buffer.from(candidate.refs[0]!));
  return resultOf(query, node("link_code_companion_reg", {}, [ref]));
}

/** Somebody types the code into the telephone. */
export async function typeCode(candidate: Candidate, account: Person, code: string): Promise<void> {
  const { wrapped } = candidate.hello!;
  const key = await derivePairingCodeKey(code, wrapped.subarray(0, 32));
  const companion = aesDecryptCTR(wrapped.subarray(48, 80), key, wrapped.subarray(32, 48));
  const ephemeral = Curve.generateKeyPair();
  candidate.exchange = { account, ephemeral, companion };
  const [salt, iv] = [randomBytes(32), randomBytes(16)];
  const sealed = aesEncryptCTR(ephemeral.public, await derivePairingCodeKey(code, salt), iv);
  const content = [
    node("link_code_pairing_ref", {}, Buffer.from(candidate.refs[0]!)),
    node("primary_identity_pub", {}, identityOf(account.phone).public),
    node("link_code_pairing_wrapped_primary_ephemeral_pub", {}, Buffer.concat([salt, iv, sealed])),
  ];
  candidate.connection.send(
    node("notification", { type: "link_code_companion_reg", from: SERVER, id: "code-1", t: "1" }, [
      node("link_code_companion_reg", { stage: "primary_hello" }, content),
    ]),
  );
}

/** The browser's last word in an exchange by code: both sides know the secret now. Null when the code was wrong. */
export function takeFinish(candidate: Candidate, query: BinaryNode): { account: Person; advSecret: Buffer } | null {
  const { account, ephemeral, companion } = candidate.exchange!;
  const bundle = bytesIn(child(query, "link_code_companion_reg"), "link_code_pairing_wrapped_key_bundle");
  const shared = Curve.sharedKey(ephemeral.private, companion);
  const info = "link_code_pairing_key_bundle_encryption_key";
  const key = Buffer.from(hkdf(shared, 32, { salt: bundle.subarray(0, 32), info }));
  const opened = open(bundle.subarray(44), key, bundle.subarray(32, 44));
  if (!opened) return null;
  const identity = Curve.sharedKey(identityOf(account.phone).private, opened.subarray(0, 32));
  const secret = hkdf(Buffer.concat([shared, identity, opened.subarray(64, 96)]), 32, { info: "adv_secret" });
  return { account, advSecret: Buffer.from(secret) };
}

function open(sealed: Buffer, key: Buffer, iv: Buffer): Buffer | null {
  try {
    return aesDecryptGCM(sealed, key, iv, Buffer.alloc(0));
  } catch {
    return null;
  }
}
