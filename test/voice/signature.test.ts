import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { isGenuine } from "../../src/voice/twilio/signature.ts";
import {
  OLD_TOKEN,
  TOKEN,
  createHotline,
  encode,
  kinds,
  requests,
  settingsWith,
  sign,
  standard,
  type Form,
} from "./hotline.ts";

interface Vector {
  name: string;
  url: string;
  params?: Form;
  signature: string | null;
  valid: boolean;
}
const { authToken, vectors } = JSON.parse(
  readFileSync(new URL("../fixtures/specs/twilio/signature-vectors.json", import.meta.url), "utf8"),
) as { authToken: string; vectors: Vector[] };

describe("Twilio's signature", () => {
  it.each(vectors)("is judged as Twilio judges it: $name", ({ url, params, signature, valid }) => {
    const signed = { url, signature: signature ?? undefined, form: params ?? {} };

    expect(isGenuine(signed, [authToken])).toBe(valid);
  });

  it("is never right without a token, though an empty token can be signed with", () => {
    const { path, form } = requests.incoming;
    const signed = { url: `https://a.example${path}`, form, signature: sign(path, form, "", "https://a.example") };

    for (const tokens of [[], [""], [undefined], ["", undefined]]) expect(isGenuine(signed, tokens)).toBe(false);
  });

  it("says no, and does not fail, when the address or the header is nonsense", () => {
    for (const url of ["", "no address", "https://", "https://a.example/%", "//evil"]) {
      expect(isGenuine({ url, signature: "x", form: {} }, [TOKEN])).toBe(false);
    }
    expect(isGenuine({ url: "https://a.example", signature: ["a", "b"], form: {} }, [TOKEN])).toBe(false);
    expect(isGenuine({ url: "https://a.example", signature: "x", form: undefined as never }, [TOKEN])).toBe(false);
  });
});

describe("a telephone webhook", () => {
  it.each(kinds)("of kind %s is refused and not believed without a signature or with a wrong one", async (kind) => {
    const hotline = await createHotline();
    const { path, form } = requests[kind];
    const headers = { "content-type": "application/x-www-form-urlencoded" };
    const unsigned = await hotline.app.inject({ method: "POST", url: path, payload: encode(form), headers });
    const wrong = await hotline.post(path, form, { "x-twilio-signature": sign(path, form, "guess") });
    const genuine = await hotline.ask(kind);

    expect([unsigned.statusCode, wrong.statusCode]).toEqual([403, 403]);
    expect(genuine.statusCode).toBeLessThan(300);
    expect(hotline.flow.told).toHaveLength(1);
  });

  it("is taken with the new and the old token while one replaces the other", async () => {
    const hotline = await createHotline();
    const { path, form } = requests.incoming;
    const old = await hotline.post(path, form, { "x-twilio-signature": sign(path, form, OLD_TOKEN) });

    expect(old.statusCode).toBe(200);
  });

  it("is refused by an installation without a token, even when signed with the empty one", async () => {
    const hotline = await createHotline({
      settings: { ...settingsWith(), TWILIO_AUTH_TOKEN: "", TWILIO_AUTH_TOKEN_OLD: "" },
    });
    const { path, form } = requests.incoming;
    const answer = await hotline.post(path, form, { "x-twilio-signature": sign(path, form, "") });

    expect(answer.statusCode).toBe(403);
  });

  it("is checked against the configured address: a spoofed Host changes nothing", async () => {
    const hotline = await createHotline();
    const { path, form } = requests.incoming;
    const spoof = {
      host: "evil.example",
      "x-forwarded-host": "evil.example",
      "x-forwarded-proto": "http",
      "x-forwarded-port": "81",
      forwarded: "host=evil.example;proto=http",
      "x-original-url": "/elsewhere",
    };
    const genuine = await hotline.post(path, form, spoof);
    const forSpoofed = await hotline.post(path, form, {
      ...spoof,
      "x-twilio-signature": sign(path, form, TOKEN, "http://evil.example"),
    });

    expect(genuine.statusCode).toBe(200);
    expect(forSpoofed.statusCode).toBe(403);
  });

  it("is checked with the path prefix a proxy took away", async () => {
    const hotline = await createHotline({ publicUrl: "https://example.com/detour" });
    const { path, form } = requests.incoming;
    const header = { "x-twilio-signature": sign(path, form, TOKEN, "https://example.com/detour") };

    expect((await hotline.post(path, form, header)).statusCode).toBe(200);
    expect((await hotline.post(path, form)).statusCode).toBe(403);
  });

  it("is not read as anything but a form", async () => {
    const hotline = await createHotline();
    const { path } = requests.incoming;
    for (const type of [
      "application/json",
      "text/plain",
      "application/x-www-form-urlencodedx",
      " ",
      "multipart/form-data; boundary=x",
    ]) {
      const answer = await hotline.app.inject({
        method: "POST",
        url: path,
        payload: JSON.stringify(standard),
        headers: { "content-type": type, "x-twilio-signature": sign(path, {}) },
      });
      expect([400, 403, 415]).toContain(answer.statusCode);
    }
    expect(hotline.flow.told).toEqual([]);
  });

  it("is refused when larger than any form of Twilio's", async () => {
    const hotline = await createHotline();
    const { path } = requests.incoming;
    const large = await hotline.post(path, { ...standard, Padding: "x".repeat(65_536) });
    const manyFields = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`Field${i}`, "x"]));
    const many = await hotline.post(path, { ...standard, ...manyFields });

    expect(large.statusCode).toBe(413);
    expect(many.statusCode).toBe(403);
    expect(hotline.flow.told).toEqual([]);
  });
});
