import { writeFileSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readSettings } from "#config";
import { StartError } from "#kit";
import { twilioSettings } from "#voice/twilio";
import { composeHoldMusic } from "../../src/voice/twilio/sounds.ts";
import { validateTwiml } from "../support/twilio-spec.ts";
import { createHotline, settingsWith } from "./hotline.ts";

describe("the hold music", () => {
  it("is eight seconds a telephone can carry, calm and never silent for long", () => {
    const music = composeHoldMusic();
    const samples = new Int16Array(music.buffer, music.byteOffset + 44, (music.length - 44) / 2);
    const loudest = (from: number, to: number) => Math.max(...samples.subarray(from, to).map(Math.abs));

    expect([samples.length, music.readUInt32LE(40)]).toEqual([8 * 8000, 8 * 16_000]);
    expect([music.readUInt16LE(20), music.readUInt16LE(22), music.readUInt32LE(24), music.readUInt16LE(34)]).toEqual([
      1, 1, 8000, 16,
    ]);
    expect(loudest(0, samples.length)).toBeLessThan(25_000);
    for (let second = 0; second < 8; second += 1)
      expect(loudest(second * 8000, (second + 1) * 8000)).toBeGreaterThan(2000);
    expect(Math.abs(samples[0]! - samples.at(-1)!)).toBeLessThan(4000);
  });

  it("is served with what caches need", async () => {
    const { app } = await createHotline();
    const sound = await app.inject("/voice/twilio/sounds/hold-music.wav");
    const again = await app.inject({
      url: "/voice/twilio/sounds/hold-music.wav",
      headers: { "if-none-match": String(sound.headers["etag"]) },
    });

    expect([sound.statusCode, sound.headers["content-type"]]).toEqual([200, "audio/wav"]);
    expect(sound.headers["cache-control"]).toBe("public, max-age=86400");
    expect(sound.rawPayload.equals(composeHoldMusic())).toBe(true);
    expect([again.statusCode, again.body]).toEqual([304, ""]);
    expect((await app.inject("/voice/twilio/sounds/other.wav")).statusCode).toBe(404);
    expect((await app.inject("/voice/twilio/sounds/..%2f..%2fpackage.json")).statusCode).toBe(404);
  });

  it("may be the company's own", async () => {
    const folder = mkdtempSync(join(tmpdir(), "detour-voice-"));
    const own = join(folder, "own.wav");
    writeFileSync(own, Buffer.concat([composeHoldMusic().subarray(0, 44), Buffer.alloc(16)]));
    writeFileSync(join(folder, "song.mp3"), "ID3");
    const { app } = await createHotline({ settings: settingsWith({ VOICE_HOLD_MUSIC: own }) });

    expect((await app.inject("/voice/twilio/sounds/hold-music.wav")).rawPayload).toHaveLength(60);
    for (const file of ["song.mp3", "missing.wav"]) {
      const settings = settingsWith({ VOICE_HOLD_MUSIC: join(folder, file) });
      await expect(createHotline({ settings })).rejects.toThrow(/^VOICE_HOLD_MUSIC: .*start again\.$/);
    }
    rmSync(folder, { recursive: true });
  });
});

describe("the document to install outside", () => {
  it("speaks both languages and takes a place in the queue without asking us for anything", async () => {
    const { app, voice } = await createHotline();
    const answer = await app.inject("/voice/twilio/fallback.xml");

    expect([answer.statusCode, answer.headers["content-type"]]).toEqual([200, "text/xml; charset=utf-8"]);
    expect(answer.body).toBe(voice.fallbackDocument());
    expect(validateTwiml(answer.body)).toEqual([]);
    expect(answer.body).toMatch(/ru-RU.*en-US.*<Enqueue>hotline<\/Enqueue><\/Response>$/);
    expect(answer.body).not.toContain("http");
  });
});

describe("the telephone's settings", () => {
  const account = { TWILIO_ACCOUNT_SID: `AC${"a".repeat(32)}`, TWILIO_AUTH_TOKEN: "t", TWILIO_NUMBER: "+74951234567" };

  it.each<[string, Record<string, string>]>([
    ["TWILIO_ACCOUNT_SID", { ...account, TWILIO_ACCOUNT_SID: "AC123" }],
    ["TWILIO_AUTH_TOKEN", { ...account, TWILIO_AUTH_TOKEN: "" }],
    ["TWILIO_NUMBER", { ...account, TWILIO_NUMBER: "" }],
    ["TWILIO_NUMBER", { ...account, TWILIO_NUMBER: "8 495 123-45-67" }],
    ["TWILIO_BASE_URL", { ...account, TWILIO_BASE_URL: "api.twilio.com" }],
    ["TWILIO_TIMEOUT_MS", { ...account, TWILIO_TIMEOUT_MS: "soon" }],
    ["VOICE_RU", { ...account, VOICE_RU: "<Tatyana>" }],
  ])("stop the start with a sentence that names %s", (setting, env) => {
    expect(start(env)).toThrow(StartError);
    expect(start(env)).toThrow(new RegExp(`^${setting} .*start again\\.$`));
  });

  it("are all optional together: then there is no telephone", () => {
    expect(start({})().twilio).toMatchObject({ TWILIO_BASE_URL: "https://api.twilio.com", VOICE_EN: "Polly.Joanna" });
  });
});

const start = (env: Record<string, string>) => () => readSettings(env, { twilio: twilioSettings });
