import {
  addTransactionCapability,
  Curve,
  DEFAULT_CONNECTION_CONFIG,
  encodeBigEndian,
  generateSignalPubKey,
  initAuthCreds,
  xmppPreKey,
  xmppSignedPreKey,
  KEY_BUNDLE_TYPE,
  type AuthenticationCreds,
  type BinaryNode,
  type KeyPair,
  type SignalKeyStore,
} from "@whiskeysockets/baileys";
import { silent } from "./silent.ts";

type Repository = ReturnType<(typeof DEFAULT_CONNECTION_CONFIG)["makeSignalRepository"]>;

/** The end-to-end encryption of one phone of a customer, by the same code the product uses. */
export interface SignalDevice {
  creds: AuthenticationCreds;
  repository: Repository;
  /** What somebody needs to write to this phone for the first time; each bundle is given out once. */
  bundle(jid: string): BinaryNode;
}

/** A phone with fresh keys that remembers its sessions in memory. */
export function createSignalDevice(): SignalDevice {
  const creds = initAuthCreds();
  const keys = addTransactionCapability(memory(), silent, { maxCommitRetries: 1, delayBetweenTriesMs: 0 });
  const repository = DEFAULT_CONNECTION_CONFIG.makeSignalRepository({ creds, keys }, silent, async () => []);
  let nextPreKey = 1;

  return {
    creds,
    repository,
    bundle(jid) {
      const id = nextPreKey++;
      const pair = Curve.generateKeyPair();
      void keys.set({ "pre-key": { [id]: pair } });
      return bundleNode(jid, creds, xmppPreKey(pair, id));
    },
  };
}

const bundleNode = (jid: string, creds: AuthenticationCreds, preKey: BinaryNode): BinaryNode => ({
  tag: "user",
  attrs: { jid },
  content: [
    { tag: "registration", attrs: {}, content: encodeBigEndian(creds.registrationId) },
    { tag: "type", attrs: {}, content: KEY_BUNDLE_TYPE },
    { tag: "identity", attrs: {}, content: creds.signedIdentityKey.public },
    xmppSignedPreKey(creds.signedPreKey),
    preKey,
  ],
});

function memory(): SignalKeyStore {
  const stored = new Map<string, unknown>();
  return {
    get: (type, ids) => {
      const found = ids.map((id) => [id, stored.get(`${type} ${id}`)]).filter(([, value]) => value !== undefined);
      return Object.fromEntries(found);
    },
    set: (data) => {
      for (const [type, values] of Object.entries(data)) {
        for (const [id, value] of Object.entries(values ?? {})) {
          if (value === null) stored.delete(`${type} ${id}`);
          else stored.set(`${type} ${id}`, value);
        }
      }
    },
  };
}

/** What a linked device has uploaded about itself, so that others can write to it. */
export interface UploadedKeys {
  registrationId: number;
  identityKey: Uint8Array;
  signedPreKey: { keyId: number; publicKey: Uint8Array; signature: Uint8Array };
  preKeys: { keyId: number; publicKey: Uint8Array }[];
}

/** Opens a session from a customer's phone to a linked device with the next of its uploaded keys. */
export async function openSession(from: SignalDevice, jid: string, keys: UploadedKeys): Promise<void> {
  const preKey = keys.preKeys.shift();
  await from.repository.injectE2ESession({
    jid,
    session: {
      registrationId: keys.registrationId,
      identityKey: generateSignalPubKey(keys.identityKey),
      signedPreKey: { ...keys.signedPreKey, publicKey: generateSignalPubKey(keys.signedPreKey.publicKey) },
      ...(preKey ? { preKey: { ...preKey, publicKey: generateSignalPubKey(preKey.publicKey) } } : {}),
    },
  });
}

/** A public key made for signing with this phone's identity. */
export const identityOf = ({ creds }: SignalDevice): KeyPair => creds.signedIdentityKey;
