import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { ConnectionKind } from "#company";
import type { ConnectionRow } from "../../src/company/connection-store.ts";
import { createSeal } from "../../src/company/seal.ts";
import { createVault } from "../../src/company/vault.ts";

const key = () => randomBytes(32);
const kind: ConnectionKind = {
  kind: "letters",
  schema: z.strictObject({ box: z.string(), token: z.string().min(1), spare: z.string().default("") }),
  secrets: ["token", "spare"],
  accountOf: ({ box }) => box as string,
  fromEnvironment: null,
  check: async () => ({ ok: true, facts: {} }),
  use: () => {},
  addresses: () => [],
};
const kinds = new Map([[kind.kind, kind]]);
const settings = { box: "7", token: "open sesame", spare: "" };

const vaultWith = (present?: Buffer, previous?: Buffer) =>
  createVault({ tenant: "main", seal: createSeal(present, previous) }, kinds);

function rowOf(vault: ReturnType<typeof vaultWith>): ConnectionRow {
  const halves = vault.close(kind, settings);
  return { id: "c-1", kind: kind.kind, account: "7", brand: null, name: "Box", enabled: true, ...halves };
}

describe("a seal", () => {
  it("opens only with the key and the words it was closed with", () => {
    const present = key();
    const seal = createSeal(present);
    const sealed = seal.close("secret", ["main", "letters", "7", "token"]);

    expect(seal.open(sealed, ["main", "letters", "7", "token"])).toBe("secret");
    expect(seal.open(sealed, ["main", "letters", "8", "token"])).toBeNull();
    expect(createSeal(key()).open(sealed, ["main", "letters", "7", "token"])).toBeNull();
    expect(createSeal().open(sealed, ["main", "letters", "7", "token"])).toBeNull();
  });

  it("notices every changed character, and never closes the same secret alike twice", () => {
    const seal = createSeal(key());
    const sealed = seal.close("secret", []);
    const changed = sealed
      .split("")
      .map((letter, at) => sealed.slice(0, at) + (letter === "A" ? "B" : "A") + sealed.slice(at + 1));
    // The last letter of base64url may carry bits that stand for nothing.
    const telling = changed.filter((text) => !sameBytes(text, sealed));

    expect(telling.length).toBeGreaterThan(50);
    expect(telling.filter((text) => seal.open(text, []) !== null)).toEqual([]);
    expect(seal.close("secret", [])).not.toBe(sealed);
  });

  it("refuses to close without a key instead of pretending", () => {
    expect(() => createSeal().close("secret", [])).toThrow(/without a key/);
  });
});

const sameBytes = (a: string, b: string) =>
  a.split(".").slice(0, 2).join() === b.split(".").slice(0, 2).join() &&
  a
    .split(".")
    .slice(2)
    .every((part, at) => Buffer.from(part, "base64url").equals(Buffer.from(b.split(".")[at + 2]!, "base64url")));

describe("a stored connection", () => {
  it("holds no secret in the clear, and nothing for one that is not set", () => {
    const row = rowOf(vaultWith(key()));

    expect(JSON.stringify(row)).not.toContain("sesame");
    expect([row.settings, Object.keys(row.secrets)]).toEqual([{ box: "7" }, ["token"]]);
  });

  it("is complete again when it is opened", () => {
    const vault = vaultWith(key());

    expect(vault.open(rowOf(vault))).toEqual({
      ok: true,
      connection: { id: "c-1", kind: "letters", account: "7", brand: null, name: "Box", settings, source: "database" },
    });
  });

  it("stays shut in a sentence under another key, on another account and without a key", () => {
    const present = key();
    const row = rowOf(vaultWith(present));
    const shut = { ok: false, sentence: expect.stringContaining("SECRETS_KEY") };

    expect(vaultWith(key()).open(row)).toEqual(shut);
    expect(vaultWith().open(row)).toEqual(shut);
    expect(vaultWith(present).open({ ...row, account: "8" })).toEqual(shut);
  });

  it("is sealed anew with the present key while the previous one is still there", () => {
    const [old, present] = [key(), key()];
    const row = rowOf(vaultWith(old));
    const both = vaultWith(present, old);
    const secrets = both.renew(row)!;

    expect(both.open(row)).toMatchObject({ ok: true });
    expect(vaultWith(present).open({ ...row, secrets })).toMatchObject({ ok: true, connection: { settings } });
    expect(both.renew({ ...row, secrets })).toBeNull();
    expect(vaultWith(present).renew(row)).toBeNull();
  });

  it("says when this version knows no such kind, or a setting is not right any more", () => {
    const vault = vaultWith(key());
    const row = rowOf(vault);

    expect(vault.open({ ...row, kind: "pigeons" })).toMatchObject({
      ok: false,
      sentence: expect.stringContaining("pigeons"),
    });
    expect(vault.open({ ...row, settings: {} })).toMatchObject({
      ok: false,
      sentence: expect.stringContaining("setting box"),
    });
  });
});
