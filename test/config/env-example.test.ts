import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { describeSettings, envExample, readSettings, type SettingAbout } from "#config";
import { settingsParts } from "../../src/settings.ts";

const FILE = fileURLToPath(new URL("../../.env.example", import.meta.url));
const MEND = "Run: node scripts/env-example.ts > .env.example";

const settings = describeSettings(settingsParts);

/** The entries of `.env.example` as a person reads them. */
function read(text: string): SettingAbout[] {
  const entries: SettingAbout[] = [];
  let title = "";
  let comment = "";
  for (const line of text.split("\n")) {
    const setting = /^# ([A-Z][A-Z0-9_]*)=(.*)$/.exec(line);
    if (line.startsWith("## ")) title = line.slice(3);
    else if (setting) entries.push({ title, name: setting[1]!, about: comment, fallback: setting[2]! });
    comment = line.startsWith("# ") ? line.slice(2) : "";
  }
  return entries;
}

/** What is wrong with the file, a sentence each. */
function complaints(text: string): string[] {
  const written = new Map(read(text).map((entry) => [entry.name, entry]));
  const missing = settings
    .filter(({ name }) => !written.has(name))
    .map(({ name, title }) => `${name} is missing under "${title}".`);
  const unknown = [...written.keys()]
    .filter((name) => !settings.some((setting) => setting.name === name))
    .map((name) => `${name} is not a setting any more.`);
  const different = settings.flatMap((setting) => differences(setting, written.get(setting.name)));
  const order =
    [...written.keys()].join() === settings.map(({ name }) => name).join()
      ? []
      : ["The order is not that of the settings."];
  return [...missing, ...unknown, ...different, ...(missing.length + unknown.length > 0 ? [] : order)];
}

function differences(setting: SettingAbout, entry: SettingAbout | undefined): string[] {
  if (!entry) return [];
  return [
    ...(entry.title === setting.title
      ? []
      : [`${setting.name} stands under "${entry.title}" but belongs to "${setting.title}".`]),
    ...(entry.fallback === setting.fallback
      ? []
      : [`${setting.name} has the default "${setting.fallback}", not "${entry.fallback}".`]),
    ...(entry.about === setting.about ? [] : [`${setting.name} is described differently: "${setting.about}"`]),
  ];
}

describe(".env.example", () => {
  it("tells every setting with its description and default, in order", () => {
    const text = existsSync(FILE) ? readFileSync(FILE, "utf8") : "";

    expect(complaints(text).map((sentence) => `${sentence} ${MEND}`)).toEqual([]);
    expect(text, MEND).toBe(envExample(settingsParts));
  });

  it("says in a sentence what is wrong", () => {
    const text = envExample(settingsParts)
      .replace("# PORT=3000", "# PORT=80")
      .replace(/# TENANT=.*\n/, "# LANDLORD=x\n");

    expect(complaints(text)).toEqual([
      'TENANT is missing under "Database".',
      "LANDLORD is not a setting any more.",
      'PORT has the default "3000", not "80".',
    ]);
  });

  it("describes every setting in one sentence", () => {
    expect(settings.filter(({ about }) => !/^[^\n]{10,}[.:]?.*\.$/.test(about)).map(({ name }) => name)).toEqual([]);
  });

  it("changes nothing when every # is taken away", () => {
    const env = Object.fromEntries(settings.map(({ name, fallback }) => [name, fallback]));

    expect(readSettings(env, settingsParts)).toEqual(readSettings({}, settingsParts));
  });

  it("shows a default wherever there is one", () => {
    const values = Object.assign({}, ...Object.values(readSettings({}, settingsParts))) as Record<string, unknown>;
    const hidden = settings.filter(
      ({ name, fallback }) =>
        fallback === "" && !["undefined", '""', "[]"].includes(JSON.stringify(values[name]) ?? "undefined"),
    );

    expect(hidden.map(({ name }) => name)).toEqual([]);
  });

  it("gives every name to one setting only", () => {
    const names = settings.map(({ name }) => name);

    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });
});
