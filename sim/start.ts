import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { systemClock, newToken, StartError, type Clock } from "#kit";
import type { Detour } from "../src/main.ts";
import { prepare } from "../scripts/prepare.ts";
import { startControl } from "./control/server.ts";
import { createProduct, type Account } from "./control/product.ts";
import type { Stage } from "./control/session.ts";
import { createCrm } from "./crm/index.ts";
import { createTelegram } from "./telegram/index.ts";
import { createTwilio } from "./twilio/index.ts";
import { createWhatsApp } from "./whatsapp/index.ts";

/**
 * `npm start`. With a provider's credentials in `.env` this is just the product. Without any, stand-ins for every
 * provider are started first and the product gets their addresses as ordinary settings.
 */
const PROVIDER_SETTINGS = ["TWILIO_ACCOUNT_SID", "WHATSAPP_ACCESS_TOKEN", "TELEGRAM_BOT_TOKEN"];

/** Beside the other things that are made from the sources. Whoever sets NODE_COMPILE_CACHE has chosen another place. */
const COMPILED = fileURLToPath(new URL("../node_modules/.cache/detour/compiled", import.meta.url));

const HOTLINES = { ru: "+74950000142", en: "+442079460142" };
const OPERATORS = [
  { email: "olga@kubik.example", name: "Ольга Лебедева", locale: "ru" },
  { email: "pavel@kubik.example", name: "Павел Орлов", locale: "ru" },
  { email: "emma@kubik.example", name: "Emma Clarke", locale: "en" },
  { email: "daniel@kubik.example", name: "Daniel Reed", locale: "en" },
] as const;
const SECRETS = ["authToken", "crmToken", "accessToken", "appSecret", "verifyToken", "botSecret"] as const;
type DemoSecrets = Record<"password" | (typeof SECRETS)[number], string>;

try {
  prepare();
  if (existsSync(".env")) process.loadEnvFile(".env");
  enableCompileCache(COMPILED);
  const { runDetour, serve } = await import("../src/main.ts");
  if (PROVIDER_SETTINGS.some((name) => process.env[name])) await serve(process.env);
  else await startDemo(runDetour);
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  process.stderr.write(`Detour did not start. ${error.message}\n`);
  process.exit(1);
}

async function startDemo(runDetour: (env: NodeJS.ProcessEnv) => Promise<Detour>) {
  const clock: Clock = systemClock;
  const { password, authToken, crmToken, botSecret, ...meta } = demoSecrets(process.env["DATA_DIR"] ?? "data");
  const botToken = `777000:${botSecret}`;
  const admin: Account = { email: "admin@kubik.example", password };
  const accountSid = `AC${"0".repeat(31)}1`;
  const account = { phoneNumberId: "106540352242922", businessAccountId: "102290129340398" };

  const whatsapp = createWhatsApp({ clock, ...account, ...meta });
  const telegram = createTelegram({ clock, bots: [{ token: botToken, username: "kubik_bot", name: "Kubik & Co" }] });
  const crm = createCrm({ clock, token: crmToken });
  const twilio = createTwilio({
    clock,
    accountSid,
    authToken,
    number: { number: HOTLINES.ru, voiceUrl: "" },
    otherNumbers: [HOTLINES.en],
  });
  await Promise.all([whatsapp.listen(), telegram.listen(), crm.listen(), twilio.listen()]);

  const [first, ...others] = OPERATORS;
  const stage: Stage = {
    clock,
    twilio,
    whatsapp,
    telegram,
    crm,
    product: createProduct("", admin),
    operators: [{ ...first, password }, ...others.map((person) => ({ ...person, password }))],
    hotlines: HOTLINES,
  };
  const control = await startControl(stage);

  const detour = await runDetour({
    ...process.env,
    SIMULATOR_URL: control.url,
    TWILIO_BASE_URL: twilio.url!,
    TWILIO_ACCOUNT_SID: accountSid,
    TWILIO_AUTH_TOKEN: authToken,
    TWILIO_NUMBER: HOTLINES.ru,
    CHAT_SHOP_NAME: "Kubik & Co",
    BOT_DEMO_FAQ: "on",
    HOTLINES: Object.entries(HOTLINES)
      .map(([locale, number]) => `${number}:${locale}`)
      .join(","),
    WHATSAPP_BASE_URL: whatsapp.url,
    WHATSAPP_MEDIA_ORIGINS: whatsapp.url,
    WHATSAPP_PHONE_NUMBER_ID: account.phoneNumberId,
    WHATSAPP_BUSINESS_ACCOUNT_ID: account.businessAccountId,
    WHATSAPP_ACCESS_TOKEN: meta.accessToken,
    WHATSAPP_APP_SECRET: meta.appSecret,
    WHATSAPP_VERIFY_TOKEN: meta.verifyToken,
    TELEGRAM_BASE_URL: telegram.url,
    TELEGRAM_BOT_TOKEN: botToken,
    DEMO_CRM_URL: crm.url,
    DEMO_CRM_TOKEN: crmToken,
    ADMIN_EMAIL: admin.email,
    ADMIN_PASSWORD: password,
  });

  telegram.reach = (url) => url.replace(detour.publicUrl, detour.url);
  whatsapp.webhookUrl = `${detour.url}/channels/whatsapp-cloud/webhook`;
  twilio.number.voiceUrl = `${detour.publicUrl}/voice/twilio/incoming`;
  twilio.number.statusCallback = `${detour.publicUrl}/voice/twilio/status`;
  stage.product = createProduct(detour.url, admin);
  await hireOperators(stage, admin, password);
  process.stdout.write(`
  Simulator   ${detour.publicUrl}/simulator     press 1, watch the message arrive, then the call end
  Inbox       ${detour.publicUrl}/inbox         ${OPERATORS[0].email} or ${admin.email}, password ${password}
  API         ${detour.publicUrl}/docs

  No account and no real call is involved. To connect real providers, see README.md. Ctrl-C stops.
`);
}

/** Made once for each data folder: there is no password that two installations share. */
function demoSecrets(dataDir: string) {
  const file = join(dataDir, "demo-secrets.json");
  const known = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Partial<DemoSecrets>) : {};
  const made = Object.fromEntries(SECRETS.map((name) => [name, newToken()]));
  const secrets = { password: newToken(9), ...made, ...known } as DemoSecrets;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  writeFileSync(file, JSON.stringify(secrets), { mode: 0o600 });
  return secrets;
}

/** The shift of the toy shop: without operators there is no queue to wait in. */
async function hireOperators(stage: Stage, admin: Account, password: string) {
  const onShift = await stage.product.onShift();
  for (const person of OPERATORS.filter(({ name }) => !onShift.includes(name))) {
    const account = { email: person.email, password };
    const phone = `client:${person.email.split("@")[0]}`;
    await stage.product.act(admin, "POST", "/api/operators", {
      ...person,
      role: "operator",
      password,
      capacity: 4,
      phone,
    });
    await stage.product.act(account, "PUT", "/api/presence", { status: "online" });
  }
}
