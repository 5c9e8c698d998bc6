import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { textsToRecord } from "#ivr";
import { locales } from "#kit";
import type { VoiceDocument, VoiceStep } from "#voice";
import { recordingName, sentencesOf } from "#voice/twilio";
import { composeHoldMusic } from "../../src/voice/twilio/sounds.ts";
import { createHotline, PUBLIC_URL, settingsWith } from "./hotline.ts";

type Ask = Extract<VoiceStep, { do: "ask" }>;

const wav = composeHoldMusic().subarray(0, 60);
const place = "Сіз кезекте 7-орындасыз.";
const wait = "Күту уақыты — 2–3 минут.";
const spoken = (text: string): VoiceDocument => [{ do: "say", text, locale: "kk" }];

describe("recorded sentences", () => {
  let folder: string;
  beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), "detour-recordings-"))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const record = (...sentences: string[]) => {
    for (const sentence of sentences) writeFileSync(join(folder, `${recordingName(sentence, "kk")}.wav`), wav);
  };
  const open = (more: Record<string, string> = {}) =>
    createHotline({ settings: settingsWith({ VOICE_RECORDINGS: folder, ...more }) });
  const heard = async (document: VoiceDocument) => {
    const hotline = await open();
    hotline.flow.answer = async () => document;
    const { body, complaints } = await hotline.ask("wait");
    expect(complaints).toEqual([]);
    return body;
  };
  const play = (sentence: string) =>
    `<Play>${PUBLIC_URL}/voice/twilio/sounds/${recordingName(sentence, "kk")}.wav</Play>`;

  it("are played, and what is not recorded is said in between", async () => {
    record(place);
    const twiml = await heard(spoken(`Сәлеметсіз бе! ${place} ${wait}`));

    expect(twiml).toContain(
      `<Say language="ru-RU" voice="Polly.Tatyana">Сәлеметсіз бе!</Say>${play(place)}<Say language="ru-RU" voice="Polly.Tatyana">${wait}</Say>`,
    );
  });

  it("are played inside of questions too", async () => {
    record(place, wait);
    const ask: Omit<Ask, "prompt"> = {
      do: "ask",
      turn: "t",
      locale: "kk",
      digits: 1,
      timeoutSeconds: 4,
      speechHints: ["иә"],
    };
    const twiml = await heard([{ ...ask, prompt: spoken(`${place} ${wait}`) }, { do: "keep-waiting" }]);

    expect(twiml).toContain(`${play(place)}${play(wait)}</Gather>`);
  });

  it("are served to whoever fetches them", async () => {
    record(place);
    writeFileSync(join(folder, "notes.txt"), "not a recording");
    const { app } = await open();
    const answer = await app.inject(`/voice/twilio/sounds/${recordingName(place, "kk")}.wav`);

    expect([answer.statusCode, answer.headers["content-type"], answer.rawPayload.equals(wav)]).toEqual([
      200,
      "audio/wav",
      true,
    ]);
  });

  it("belong to their language and their words", () => {
    expect(recordingName(place, "kk")).toMatch(/^kk-[0-9a-f]{20}$/);
    expect(recordingName(place, "ru")).not.toBe(recordingName(place, "kk"));
    expect(recordingName(`${place}!`, "kk")).not.toBe(recordingName(place, "kk"));
  });

  it("stop the start with a sentence when they cannot be read", async () => {
    writeFileSync(join(folder, `${recordingName(place, "kk")}.wav`), "not a recording");

    await expect(open()).rejects.toThrow(/^VOICE_RECORDINGS: .*is not a WAV file.*start again\.$/);
    await expect(open({ VOICE_RECORDINGS: join(folder, "missing") })).rejects.toThrow(
      /^VOICE_RECORDINGS: .*cannot be read/,
    );
  });

  it.each(locales)("can be made for everything a caller hears in %s", (locale) => {
    const sentences = new Set(textsToRecord(locale, "Kubik").flatMap(sentencesOf));

    expect(sentences.size).toBeGreaterThan(150);
    expect([...sentences].filter((sentence) => /undefined|\[object/.test(sentence))).toEqual([]);
  });
});

describe("Kazakh on the telephone", () => {
  const ask: VoiceDocument = [
    { do: "ask", prompt: spoken(place), turn: "t", locale: "kk", digits: 1, timeoutSeconds: 4, speechHints: ["иә"] },
  ];
  const heard = async (more: Record<string, string>) => {
    const hotline = await createHotline({ settings: settingsWith(more) });
    hotline.flow.answer = async () => ask;
    return (await hotline.ask("wait")).body;
  };

  it("is answered by keys while Twilio understands no Kazakh", async () => {
    expect(await heard({})).toMatch(/<Gather input="dtmf" /);
  });

  it("may be spoken as soon as Twilio does", async () => {
    const twiml = await heard({ VOICE_KK: "Google.kk-KZ-Standard-A", VOICE_KK_LANGUAGE: "kk-KZ" });

    expect(twiml).toMatch(/<Gather input="dtmf speech" .*language="kk-KZ"/);
    expect(twiml).toContain('<Say language="kk-KZ" voice="Google.kk-KZ-Standard-A">');
  });
});
