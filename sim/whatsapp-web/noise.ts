import {
  aesDecryptGCM,
  aesEncryptGCM,
  Curve,
  hkdf,
  NOISE_MODE,
  NOISE_WA_HEADER,
  proto,
  sha256,
  type KeyPair,
} from "@whiskeysockets/baileys";

const NOTHING = Buffer.alloc(0);

/** Who the server says it is: a chain that begins at a root key of our own. */
export interface Identity {
  /** What the client must trust. */
  rootKey: Uint8Array;
  pair: KeyPair;
  chain: Uint8Array;
}

/** Makes a root, an intermediate and the server's own certificate, as the real chain has them. */
export function createIdentity(): Identity {
  const [root, intermediate, pair] = [Curve.generateKeyPair(), Curve.generateKeyPair(), Curve.generateKeyPair()];
  const { Details } = proto.CertChain.NoiseCertificate;
  const signed = (issuer: KeyPair, key: Uint8Array, serial: number, issuerSerial: number) => {
    const details = Details.encode({ serial, issuerSerial, key }).finish();
    return { details, signature: Curve.sign(issuer.private, details) };
  };
  const chain = proto.CertChain.encode({
    intermediate: signed(root, intermediate.public, 1, 0),
    leaf: signed(intermediate, pair.public, 2, 1),
  }).finish();
  return { rootKey: root.public, pair, chain };
}

/** What the client said of itself once the handshake was over. */
export interface Introduced {
  noiseKey: Uint8Array;
  payload: proto.IClientPayload;
}

/** The server's half of Noise XX and of the encrypted stream after it. One per connection. */
export interface Noise {
  /** The answer to the client's hello. */
  answerHello(frame: Uint8Array): Uint8Array;
  /** Reads the client's last handshake message; the stream is encrypted from here on. */
  finish(frame: Uint8Array): Introduced;
  seal(bytes: Uint8Array): Uint8Array;
  open(bytes: Uint8Array): Buffer;
}

/** The responder of `Noise_XX_25519_AESGCM_SHA256` with WhatsApp's header mixed in. */
export function createNoise(identity: Identity): Noise {
  const handshake = createHandshake();
  const ephemeral = Curve.generateKeyPair();
  let stream: ReturnType<typeof createStream> | null = null;

  return {
    answerHello(frame) {
      const { clientHello } = proto.HandshakeMessage.decode(frame);
      const theirs = clientHello!.ephemeral!;
      handshake.mixHash(theirs);
      handshake.mixHash(ephemeral.public);
      handshake.mixKey(Curve.sharedKey(ephemeral.private, theirs));
      const serverStatic = handshake.encrypt(identity.pair.public);
      handshake.mixKey(Curve.sharedKey(identity.pair.private, theirs));
      const payload = handshake.encrypt(identity.chain);
      const serverHello = { ephemeral: ephemeral.public, static: serverStatic, payload };
      return proto.HandshakeMessage.encode({ serverHello }).finish();
    },
    finish(frame) {
      const { clientFinish } = proto.HandshakeMessage.decode(frame);
      const noiseKey = handshake.decrypt(clientFinish!.static!);
      handshake.mixKey(Curve.sharedKey(ephemeral.private, noiseKey));
      const payload = proto.ClientPayload.decode(handshake.decrypt(clientFinish!.payload!));
      stream = createStream(handshake.split());
      return { noiseKey, payload };
    },
    seal: (bytes) => stream!.seal(bytes),
    open: (bytes) => stream!.open(bytes),
  };
}

function createHandshake() {
  let hash: Buffer = Buffer.from(NOISE_MODE);
  let salt = hash;
  let key = hash;
  let counter = 0;

  const mixHash = (data: Uint8Array) => {
    hash = sha256(Buffer.concat([hash, data]));
  };
  const derive = (data: Uint8Array): [Buffer, Buffer] => {
    const both = Buffer.from(hkdf(data, 64, { salt, info: "" }));
    return [both.subarray(0, 32), both.subarray(32)];
  };
  mixHash(NOISE_WA_HEADER);

  return {
    mixHash,
    mixKey(secret: Uint8Array) {
      [salt, key] = derive(secret);
      counter = 0;
    },
    encrypt(plain: Uint8Array) {
      const sealed = aesEncryptGCM(plain, key, nonce(counter++), hash);
      mixHash(sealed);
      return sealed;
    },
    decrypt(sealed: Uint8Array) {
      const plain = aesDecryptGCM(sealed, key, nonce(counter++), hash);
      mixHash(sealed);
      return plain;
    },
    /** The first half is what the client writes with. */
    split: () => derive(NOTHING),
  };
}

function createStream([readKey, writeKey]: [Buffer, Buffer]) {
  let read = 0;
  let written = 0;
  return {
    seal: (bytes: Uint8Array) => aesEncryptGCM(bytes, writeKey, nonce(written++), NOTHING),
    open: (bytes: Uint8Array) => aesDecryptGCM(bytes, readKey, nonce(read++), NOTHING),
  };
}

function nonce(counter: number): Buffer {
  const bytes = Buffer.alloc(12);
  bytes.writeUInt32BE(counter, 8);
  return bytes;
}
