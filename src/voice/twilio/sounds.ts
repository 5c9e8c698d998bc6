import { readFileSync } from "node:fs";
import { StartError, messageOf } from "#kit";

const RATE = 8000;
const SECONDS = 8;
const HEADER_BYTES = 44;
const LOUDNESS = 0.16;

/** C, A minor, F, G: one bar each, as semitones above A3 = 220 Hz. */
const CHORDS = [
  [3, 7, 10, 15],
  [0, 3, 7, 12],
  [-4, 0, 3, 8],
  [-2, 2, 5, 10],
];
const ARPEGGIO = [0, 1, 2, 3, 2, 1];

/** Recordings by name, ready to be served. */
export type Sounds = ReadonlyMap<string, Buffer>;

/** Makes the hold music, or reads the company's own from `file`. */
export const loadHoldMusic = (file: string | undefined): Buffer =>
  file === undefined ? composeHoldMusic() : readRecording("VOICE_HOLD_MUSIC", file);

/**
 * Pure. Eight calm seconds of music of our own: 8 kHz, one channel, 16-bit PCM, as a telephone can carry.
 * Notes ring on over the end into the beginning, so that it may be repeated without a seam.
 */
export function composeHoldMusic(): Buffer {
  const samples = new Float64Array(RATE * SECONDS);
  const noteSeconds = SECONDS / (CHORDS.length * ARPEGGIO.length);
  CHORDS.forEach((chord, bar) =>
    ARPEGGIO.forEach((voice, beat) => {
      const at = (bar * ARPEGGIO.length + beat) * noteSeconds;
      pluck(samples, Math.round(at * RATE), 220 * 2 ** (chord[voice]! / 12));
    }),
  );
  return wav(samples);
}

function pluck(samples: Float64Array, start: number, hertz: number): void {
  for (let i = 0; i < RATE * 3; i += 1) {
    const seconds = i / RATE;
    const swell = Math.min(1, seconds / 0.02) * Math.exp(-1.7 * seconds);
    const turn = 2 * Math.PI * hertz * seconds;
    const tone = Math.sin(turn) + 0.3 * Math.sin(2 * turn) + 0.1 * Math.sin(3 * turn);
    samples[(start + i) % samples.length]! += LOUDNESS * swell * tone;
  }
}

function wav(samples: Float64Array): Buffer {
  const file = Buffer.alloc(HEADER_BYTES + samples.length * 2);
  file.write("RIFF", 0, "latin1");
  file.writeUInt32LE(file.length - 8, 4);
  file.write("WAVEfmt ", 8, "latin1");
  file.writeUInt32LE(16, 16);
  file.writeUInt16LE(1, 20);
  file.writeUInt16LE(1, 22);
  file.writeUInt32LE(RATE, 24);
  file.writeUInt32LE(RATE * 2, 28);
  file.writeUInt16LE(2, 32);
  file.writeUInt16LE(16, 34);
  file.write("data", 36, "latin1");
  file.writeUInt32LE(samples.length * 2, 40);
  samples.forEach((sample, i) => {
    const heard = Math.max(-1, Math.min(1, sample));
    file.writeInt16LE(Math.round(heard * 32_767), HEADER_BYTES + i * 2);
  });
  return file;
}

/** One WAV file. Throws `StartError` naming the setting when it is none. */
export function readRecording(setting: string, file: string): Buffer {
  const recording = read(setting, file);
  if (recording.toString("latin1", 0, 4) === "RIFF" && recording.toString("latin1", 8, 12) === "WAVE") return recording;
  throw new StartError(
    `${setting}: ${file} is not a WAV file. Name a WAV file or leave the setting empty, and start again.`,
  );
}

function read(setting: string, file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new StartError(
      `${setting}: ${file} cannot be read (${messageOf(error)}). Correct the path or leave the setting empty, and start again.`,
    );
  }
}
