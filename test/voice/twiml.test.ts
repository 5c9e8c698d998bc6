import { XMLParser } from "fast-xml-parser";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { VoiceDocument, VoiceStep } from "#voice";
import { createAddresses } from "../../src/voice/twilio/addresses.ts";
import { speak } from "../../src/voice/twilio/speech.ts";
import { renderTwiml } from "../../src/voice/twilio/twiml.ts";
import { validateTwiml } from "../support/twilio-spec.ts";

const PATIENCE = "#ct=1500&rt=3000&rc=2&rp=ct,rt,5xx";
const BASE = "https://hotline.example.com/voice/twilio";
const rendering = {
  addresses: createAddresses("https://hotline.example.com"),
  voices: {
    ru: { voice: "Polly.Tatyana", language: "ru-RU", listens: true },
    en: { voice: "Polly.Joanna", language: "en-US", listens: true },
    kk: { voice: "Polly.Tatyana", language: "ru-RU", listens: false },
  },
  sounds: new Map<string, Buffer>(),
};
const render = (document: VoiceDocument) => renderTwiml(document, rendering);

type XmlNode = Record<string, unknown>;
const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  parseTagValue: false,
  trimValues: false,
  ignoreDeclaration: true,
});

/** The elements inside <Response>: name, attributes, and text or children. */
function inside(xml: string): unknown[] {
  const [root] = parser.parse(xml) as { Response: XmlNode[] }[];
  return root!.Response.map(read);
}
function read(node: XmlNode): unknown {
  if ("#text" in node) return node["#text"];
  const name = Object.keys(node).find((key) => key !== ":@")!;
  return [name, node[":@"] ?? {}, ...(node[name] as XmlNode[]).map(read)];
}

const question = (changes: Partial<Extract<VoiceStep, { do: "ask" }>> = {}): VoiceStep => ({
  do: "ask",
  prompt: [
    { do: "say", text: "Press 1", locale: "en" },
    { do: "play", sound: "hold-music" },
    { do: "pause", seconds: 2 },
  ],
  turn: "offer.1",
  locale: "en",
  digits: 1,
  timeoutSeconds: 6,
  speechHints: [],
  ...changes,
});

describe("a voice document in TwiML", () => {
  it.each<[string, VoiceStep, unknown]>([
    [
      "says Russian with a Russian voice",
      { do: "say", text: "Добрый день & <b>", locale: "ru" },
      ["Say", { language: "ru-RU", voice: "Polly.Tatyana" }, "Добрый день & <b>"],
    ],
    [
      "says English with an English voice",
      { do: "say", text: "Good day", locale: "en" },
      ["Say", { language: "en-US", voice: "Polly.Joanna" }, "Good day"],
    ],
    ["plays our recordings", { do: "play", sound: "hold-music" }, ["Play", {}, `${BASE}/sounds/hold-music.wav`]],
    ["pauses", { do: "pause", seconds: 3 }, ["Pause", { length: "3" }]],
    [
      "takes a place and tells where to ask and where to go on",
      { do: "enqueue", queue: "hotline" },
      [
        "Enqueue",
        {
          action: `${BASE}/left${PATIENCE}`,
          method: "POST",
          waitUrl: `${BASE}/wait${PATIENCE}`,
          waitUrlMethod: "POST",
        },
        "hotline",
      ],
    ],
    ["keeps waiting", { do: "keep-waiting" }, ["Redirect", { method: "POST" }, `${BASE}/wait${PATIENCE}`]],
    ["leaves the queue", { do: "leave-queue" }, ["Leave", {}]],
    ["hangs up", { do: "hang-up" }, ["Hangup", {}]],
    [
      "joins an operator with the first caller",
      { do: "take-from-queue", queue: "hotline", timeoutSeconds: 10 },
      ["Dial", { timeout: "10" }, ["Queue", { url: `${BASE}/connecting${PATIENCE}`, method: "POST" }, "hotline"]],
    ],
  ])("%s", (_what, step, expected) => {
    const xml = render([step]);

    expect(validateTwiml(xml)).toEqual([]);
    expect(inside(xml)).toEqual([expected]);
  });

  it("asks for one key, hears silence too, and counts # and * as keys", () => {
    const xml = render([question()]);
    const [[name, attributes, ...prompt]] = inside(xml) as [[string, Record<string, string>, ...unknown[][]]];

    expect(validateTwiml(xml)).toEqual([]);
    expect(name).toBe("Gather");
    expect(attributes).toEqual({
      input: "dtmf",
      action: `${BASE}/answer?turn=offer.1${PATIENCE}`,
      method: "POST",
      actionOnEmptyResult: "true",
      timeout: "6",
      numDigits: "1",
      finishOnKey: "",
    });
    expect(prompt.map(([element]) => element)).toEqual(["Say", "Play", "Pause"]);
  });

  it("asks for as many keys as the caller likes, ended by #", () => {
    const [[, attributes]] = inside(render([question({ digits: null })])) as [[string, Record<string, string>]];

    expect(attributes["finishOnKey"]).toBe("#");
    expect(attributes["numDigits"]).toBeUndefined();
  });

  it("listens to words when there are words to expect", () => {
    const xml = render([
      question({ locale: "ru", speechHints: ["да", "нет, спасибо", "x".repeat(200), "\u0000\ud800"] }),
    ]);
    const [[, attributes]] = inside(xml) as [[string, Record<string, string>]];

    expect(validateTwiml(xml)).toEqual([]);
    expect(attributes).toMatchObject({ input: "dtmf speech", language: "ru-RU", speechTimeout: "auto" });
    expect(attributes["hints"]).toBe(`да, нет  спасибо, ${"x".repeat(100)}`);
  });

  it.each<[string, VoiceStep]>([
    ["a queue's name is too long", { do: "enqueue", queue: "q".repeat(65) }],
    ["a queue has no name", { do: "enqueue", queue: "" }],
    ["a sound's name leads elsewhere", { do: "play", sound: "../../etc" }],
    ["a turn would not fit an address", question({ turn: "a&b=c" })],
    ["a question holds more than sounds", question({ prompt: [{ do: "hang-up" }] })],
    ["a text is not a text", { do: "say", text: { Hangup: 1 } as never, locale: "en" }],
  ])("is refused when %s", (_why, step) => {
    expect(() => render([step])).toThrow(/\w+ .+\./);
  });

  it("says nothing rather than an empty sentence, which Twilio reports as an error", () => {
    expect(inside(render([{ do: "say", text: "\u0000 \n\ud800", locale: "ru" }, { do: "hang-up" }]))).toEqual([
      ["Hangup", {}],
    ]);
  });
});

describe("any text somebody typed", () => {
  const hostile = fc.oneof(
    fc.string({ unit: "binary", maxLength: 1500 }),
    fc.string({ unit: "grapheme", maxLength: 1500 }),
    fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 50 }).map((codes) => String.fromCharCode(...codes)),
    fc.constantFrom(
      "</Say><Hangup/>",
      "]]>",
      "<!--",
      "&#0;",
      "&amp;lt;",
      "\u0000",
      "\ufffe",
      "\ud83d",
      "x".repeat(5000),
      "щ".repeat(5000),
      "😀".repeat(900),
      "&".repeat(2000),
    ),
  );

  it("makes the same elements as any other, and at most 4 kB of speech", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const xml = render([
          question({ prompt: [{ do: "say", text: `a${text}`, locale: "ru" }], speechHints: [`a${text}`] }),
          { do: "say", text: `a${text}`, locale: "en" },
        ]);

        expect(validateTwiml(xml)).toEqual([]);
        const [gather, say] = inside(xml) as [[string, object, [string, object, string]], [string, object, string]];
        expect([gather[0], gather.length, gather[2][0], gather[2].length]).toEqual(["Gather", 3, "Say", 3]);
        expect([say[0], say.length]).toEqual(["Say", 3]);
        expect(Buffer.byteLength(say[2])).toBeLessThanOrEqual(4096);
      }),
      { numRuns: 1000 },
    );
  });

  it("reaches the ear without controls and lone surrogates, cut at a thousand characters", () => {
    fc.assert(
      fc.property(hostile, (text) => {
        const spoken = speak(text);
        expect(spoken.length).toBeLessThanOrEqual(1000);
        expect(spoken.isWellFormed()).toBe(true);
        expect(spoken).not.toMatch(/[\p{Cc}\ufffe\uffff]/u);
      }),
    );
    expect(speak("Иван\tПетров\r\n")).toBe("Иван Петров");
  });
});
