import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const SRC = fileURLToPath(new URL("../src", import.meta.url));

/** What puts the rooms together and knows everyone: the program, its settings, and what `npm run doctor` looks at. */
const ASSEMBLY = ["main.ts", "settings.ts", "examination.ts"];

/** From the ground up. A room may know the rooms before it, by their doors. */
const ROOMS = [
  "kit",
  "config",
  "db",
  "jobs",
  "http",
  "media",
  "staff",
  "company",
  "voice",
  "crm",
  "bot",
  "chat",
  "router",
  "outbound",
  "ivr",
  "analytics",
  "watch",
  "doctor",
];

/** Provider folders: rooms of their own, known only to `main.ts`. */
const PROVIDERS = [
  "voice/twilio",
  "crm/demo",
  "chat/channels/whatsapp-cloud",
  "chat/channels/whatsapp-web",
  "chat/channels/telegram",
  "chat/channels/sms",
];

/** Analytics counts what the log says and needs nobody's door but these. */
const ANALYTICS_KNOWS = ["kit", "config", "db", "http", "staff"];

/** Packages that belong to one place. */
const ONLY_IN: Record<string, string> = {
  "@prisma/client": "db",
  "@prisma/adapter-pg": "db",
  pg: "db",
  "pg-boss": "jobs",
  "prom-client": "watch",
  "@opentelemetry/api": "watch",
  "@opentelemetry/sdk-trace": "watch",
  "@opentelemetry/exporter-trace-otlp-http": "watch",
  "@opentelemetry/resources": "watch",
  "@aws-sdk/client-s3": "media",
  "file-type": "media",
  "@fastify/multipart": "chat",
  twilio: "voice/twilio",
  "@whiskeysockets/baileys": "chat/channels/whatsapp-web",
  grammy: "chat/channels/telegram",
};

interface Import {
  file: string;
  from: string;
  target: string;
}

describe("the architecture", () => {
  const imports = sources(SRC).flatMap(importsOf);

  it("sees the house it guards", () => expect(imports.length).toBeGreaterThan(100));

  it("lets a room know only the rooms before it", () => {
    expect(imports.filter(({ target }) => target.startsWith("#")).flatMap(upwards)).toEqual([]);
  });

  it("lets rooms be entered by their doors only", () => {
    const through = imports.filter(
      ({ from, target }) =>
        target.startsWith(".") &&
        !ASSEMBLY.includes(from) &&
        !target.endsWith("/package.json") &&
        roomOf(join("/", from, "..", target).slice(1)) !== roomOf(from),
    );
    const windows = through.filter(({ from, target }) => !isPort(from, target));
    expect(windows.map(({ from, target }) => `${from} climbs into ${target}; use the room's door (#room).`)).toEqual(
      [],
    );
  });

  it("keeps providers unknown to everyone but what puts the rooms together", () => {
    const leaks = imports.filter(
      ({ from, target }) => PROVIDERS.some((provider) => target === doorOf(provider)) && !ASSEMBLY.includes(from),
    );
    expect(leaks.map(({ from, target }) => `${from} knows ${target}; only ${ASSEMBLY.join(" and ")} may.`)).toEqual([]);
  });

  it("keeps every package in the room it belongs to", () => {
    const strays = imports.filter(({ from, target }) => {
      const home = ONLY_IN[packageOf(target)];
      return home !== undefined && !from.startsWith(`${home}/`);
    });
    expect(
      strays.map(({ from, target }) => `${from} imports ${target}, which belongs to ${ONLY_IN[packageOf(target)]}.`),
    ).toEqual([]);
  });

  it("keeps decisions pure: core folders reach for nothing that acts", () => {
    const acting = imports.filter(({ from, target }) => from.includes("/core/") && !isHarmless(target));
    expect(
      acting.map(({ from, target }) => `${from} imports ${target}; a decision gets what it needs as data.`),
    ).toEqual([]);
    const told = sources(SRC).filter(
      (file) =>
        file.includes("/core/") && /Date\.now|Math\.random|new Date\(\)|setTimeout/.test(readFileSync(file, "utf8")),
    );
    expect(told.map((file) => `${relative(SRC, file)} asks the clock or chance; both come as arguments.`)).toEqual([]);
  });

  it("never says 'if simulated': the product cannot tell the stand-ins from the real thing", () => {
    const knowing = sources(SRC).filter((file) => /from "[^"]*\/sim\//.test(readFileSync(file, "utf8")));
    expect(knowing.map((file) => relative(SRC, file))).toEqual([]);
  });
});

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === "generated") return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? sources(path) : path.endsWith(".ts") ? [path] : [];
  });
}

function importsOf(file: string): Import[] {
  const from = relative(SRC, file);
  const found = readFileSync(file, "utf8").matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g);
  return [...found].map(([, target]) => ({ file, from, target: target! }));
}

const roomOf = (path: string) => PROVIDERS.find((provider) => path.startsWith(`${provider}/`)) ?? path.split("/")[0]!;
const doorOf = (provider: string) => `#${provider.replace("/channels", "")}`;
const packageOf = (target: string) =>
  target
    .split("/")
    .slice(0, target.startsWith("@") ? 2 : 1)
    .join("/");
/** A provider implements its room's port, which lies beside its folder. */
const isPort = (from: string, target: string) =>
  PROVIDERS.includes(roomOf(from)) && /\/(port|channel)\.ts$/.test(target);
const isHarmless = (target: string) =>
  target.startsWith(".") || target.startsWith("#") || target.startsWith("natural/lib/natural/");

function upwards({ from, target }: Import): string[] {
  if (ASSEMBLY.includes(from)) return [];
  const mine = from.split("/")[0]!;
  const theirs = target.slice(1).split("/")[0]!;
  if (mine === theirs) return [];
  const known = mine === "analytics" ? ANALYTICS_KNOWS : ROOMS.slice(0, ROOMS.indexOf(mine));
  return known.includes(theirs) ? [] : [`${from} knows ${target}; ${mine} may know only ${known.join(", ")}.`];
}
