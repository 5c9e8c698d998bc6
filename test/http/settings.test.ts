import { readSettings } from "#config";
import { httpSettings, publicUrl } from "#http";
import { describe, expect, it } from "vitest";

describe("the settings of the web server", () => {
  const read = (env: Record<string, string>) => readSettings(env, { http: httpSettings }).http;

  it("need nothing to start on this machine", () => {
    expect(read({})).toEqual({ PORT: 3000, HOST: "0.0.0.0", LOG_LEVEL: "info" });
    expect(publicUrl(read({ PORT: "8080" }))).toBe("http://localhost:8080");
    expect(publicUrl(read({ PUBLIC_URL: "https://hotline.example.com/" }))).toBe("https://hotline.example.com");
  });

  it.each([
    ["PUBLIC_URL", "hotline.example.com"],
    ["PUBLIC_URL", "https://example.com/hotline"],
    ["PUBLIC_URL", "http://hotline.example.com"],
    ["PUBLIC_URL", "http://10.example.com"],
    ["SIMULATOR_URL", "ftp://127.0.0.1"],
    ["TRUSTED_PROXIES", "true"],
    ["TRUSTED_PROXIES", "*"],
    ["TRUSTED_PROXIES", "0.0.0.0/0"],
    ["TRUSTED_PROXIES", "10.0.0.0/8, proxy"],
    ["LOG_LEVEL", "loud"],
    ["PORT", "70000"],
  ])("refuse %s=%s with a sentence that names it", (name, value) => {
    expect(() => read({ [name]: value })).toThrow(new RegExp(`^${name} .*\\.$`));
  });

  it.each([
    "http://localhost:3000",
    "http://127.0.0.1:8080",
    "http://192.168.1.7",
    "http://detour:3000",
    "http://[::1]:3000",
    "https://hotline.example.com",
  ])("take %s as the public address", (url) => expect(publicUrl(read({ PUBLIC_URL: url }))).toBe(url));
});
