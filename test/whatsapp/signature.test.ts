import { createHmac } from "node:crypto";
import { describe, expect, it } from "vitest";
import { isSigned } from "../../src/chat/channels/whatsapp-cloud/signature.ts";

const body = Buffer.from('{"text":"\\u043f\\u0440\\u0438\\u0432\\u0435\\u0442"}');
const sign = (secret: string, bytes = body) => `sha256=${createHmac("sha256", secret).update(bytes).digest("hex")}`;

describe("the signature of a webhook", () => {
  it("holds for the very bytes that were signed", () => {
    expect(isSigned(body, sign("new"), ["new"])).toBe(true);
    expect(isSigned(Buffer.from(JSON.stringify(JSON.parse(body.toString()))), sign("new"), ["new"])).toBe(false);
  });

  it("holds for the old and the new secret while one replaces the other", () => {
    expect(isSigned(body, sign("old"), ["new", "old"])).toBe(true);
    expect(isSigned(body, sign("older"), ["new", "old"])).toBe(false);
  });

  it.each([
    undefined,
    "",
    "sha256=",
    "sha1=00",
    `sha256=${"0".repeat(63)}`,
    sign("new").toUpperCase(),
    sign("new").slice(7),
  ])("fails for the header %j", (header) => {
    expect(isSigned(body, header, ["new"])).toBe(false);
  });

  it("fails for a repeated header", () => {
    expect(isSigned(body, [sign("new"), sign("new")], ["new"])).toBe(false);
  });

  it("fails when no secret is set, even for a signature made with the empty one", () => {
    expect(isSigned(body, sign(""), [""])).toBe(false);
    expect(isSigned(body, sign(""), [])).toBe(false);
  });
});
