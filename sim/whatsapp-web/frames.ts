import { NOISE_WA_HEADER } from "@whiskeysockets/baileys";

/** Splits what arrives into frames (three bytes of length before each); the first one has WhatsApp's header before it. */
export function createFrameReader(): (bytes: Buffer) => Buffer[] {
  let rest = Buffer.alloc(0);
  let introduced = false;

  return (bytes) => {
    rest = Buffer.concat([rest, bytes]);
    const frames: Buffer[] = [];
    if (!introduced) {
      if (rest.length < NOISE_WA_HEADER.length) return frames;
      rest = rest.subarray(NOISE_WA_HEADER.length);
      introduced = true;
    }
    while (rest.length >= LENGTH && rest.length >= LENGTH + rest.readUIntBE(0, LENGTH)) {
      const end = LENGTH + rest.readUIntBE(0, LENGTH);
      frames.push(rest.subarray(LENGTH, end));
      rest = rest.subarray(end);
    }
    return frames;
  };
}

/** Puts the length before a frame. */
export function framed(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(LENGTH);
  length.writeUIntBE(bytes.length, 0, LENGTH);
  return Buffer.concat([length, bytes]);
}

const LENGTH = 3;
