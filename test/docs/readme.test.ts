import { describeSettings } from "#config";
import { describe, expect, it } from "vitest";
import { settingsParts } from "../../src/settings.ts";
import { read, rowsByCode } from "./pages.ts";

const readme = read("README.md");

/** Every setting of the program with its default and its meaning. */
const settings = describeSettings(settingsParts).map(({ name, fallback, about }) => [name, [fallback, about]] as const);

describe("the README", () => {
  it("lists every setting with its default and its meaning, in the order of the program, and no other", () => {
    const table = readme.slice(readme.indexOf("## Settings"), readme.indexOf("## Commands"));

    expect([...rowsByCode(table)]).toEqual(settings);
  });

  it("names no setting that does not exist", () => {
    const known = new Set(settings.map(([name]) => name));
    const named = readme.match(/^[A-Z][A-Z0-9]*_[A-Z0-9_]+(?==)|(?<=`)[A-Z][A-Z0-9]*_[A-Z0-9_]+(?=[`=])/gm) ?? [];
    const ofOthers = new Set(["CHROMIUM_PATH", "NODE_COMPILE_CACHE"]);

    expect(named.filter((name) => !known.has(name) && !ofOthers.has(name))).toEqual([]);
  });

  it("names only commands that exist", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const named = [...readme.matchAll(/npm run ([a-z:]+)/g)].map(([, name]) => name!);

    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it("gives the webhook addresses the program serves", () => {
    const paths = [...readme.matchAll(/https:\/\/YOUR-HOST(\/[a-z0-9/.-]+)/g)].map(([, path]) => path!);
    const voice = read("src/voice/twilio/addresses.ts");
    const served = (path: string) => voice.includes(`"${path}"`) || path === "/channels/whatsapp-cloud/webhook";

    expect(paths.length).toBeGreaterThanOrEqual(4);
    expect(paths.filter((path) => !served(path))).toEqual([]);
    for (const [, patience] of readme.matchAll(/\/voice\/twilio\/\w+(#[a-z0-9=&,]+)/g))
      expect(voice).toContain(`"${patience}"`);
  });

  it("gives the template's words as the chat sends them", async () => {
    const { textsIn } = await import("../../src/chat/texts/texts.ts");
    for (const locale of ["ru", "en"] as const) {
      const { body, buttons } = textsIn(locale).invite;
      for (const words of [body, ...buttons.map(({ title }) => title)]) expect(readme).toContain(`\`${words}\``);
    }
  });
});
