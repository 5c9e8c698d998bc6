import { createSms } from "#chat/sms";
import { createTelegram } from "#chat/telegram";
import { createWhatsAppCloud } from "#chat/whatsapp-cloud";
import { createWhatsAppWeb } from "#chat/whatsapp-web";
import { createCompany, examineConnection, fromEnvironment, type ConnectionKind, type Examined } from "#company";
import { readSettings } from "#config";
import { createDemoCrm, demoCrmFrom } from "#crm/demo";
import { createWakes, openDatabase } from "#db";
import { examine, type Report, type Service } from "#doctor";
import { publicUrl } from "#http";
import { systemClock, type Clock } from "#kit";
import { createTwilioVoice, openTwilioAccount, twilioAddresses, twilioRemarks } from "#voice/twilio";
import { brandFrom, settingsParts, type Settings } from "./settings.ts";

const PATIENCE_MS = 5000;

/** Nobody reads along. */
const log = { info() {}, warn() {}, error() {} };

/** The doctor serves no requests. */
const nobodyAsks = (): never => {
  throw new Error("An examination serves no requests.");
};

/** Tries everything this installation depends on and changes nothing. Throws `StartError` when a setting is wrong. */
export async function examineDetour(
  env: Record<string, string | undefined>,
  clock: Clock = systemClock,
): Promise<Report> {
  const settings = readSettings(env, settingsParts);
  const connections = (url: string | null) => examineConnections(settings, url, clock);
  return examine({
    settings,
    clock,
    timeTellers: [
      ...(settings.twilio.TWILIO_ACCOUNT_SID ? [settings.twilio.TWILIO_BASE_URL] : []),
      ...(settings.whatsapp.WHATSAPP_PHONE_NUMBER_ID ? [settings.whatsapp.WHATSAPP_BASE_URL] : []),
    ],
    services: async (url) => [
      ...telephoneOf(settings, clock),
      ...(await connections(url)).map(({ name, answer, addresses }) => ({
        about: "connection" as const,
        name,
        check: async () => (answer.ok ? { ok: true as const, remarks: [] } : answer),
        addresses,
      })),
      ...crmOf(settings, clock),
    ],
  });
}

/** Those of the database too, when it can be used; without it those messengers that need none. */
async function examineConnections(settings: Settings, url: string | null, clock: Clock): Promise<Examined[]> {
  const origin = publicUrl(settings.http);
  const whatsApp = createWhatsAppCloud(settings.whatsapp, { clock });
  const telegram = createTelegram(settings.telegram, { clock, publicUrl: origin });
  const kinds = [whatsApp, telegram].map(({ connections }) => connections as unknown as ConnectionKind);
  try {
    if (url !== null) return await examineStored(settings, url, kinds, clock);
    const own = kinds.flatMap((kind) => fromEnvironment(kind).map((one) => examineConnection(kind, one, origin)));
    return await Promise.all(own);
  } finally {
    await Promise.all([whatsApp.channel.close(), telegram.channel.close()]);
  }
}

async function examineStored(settings: Settings, url: string, kinds: ConnectionKind[], clock: Clock) {
  const db = openDatabase({ url, tenant: settings.db.TENANT, connections: 2, queryTimeoutMs: PATIENCE_MS });
  const wakes = await createWakes(db, clock);
  const origin = publicUrl(settings.http);
  const company = createCompany({
    db,
    clock,
    wakes,
    log,
    settings: settings.company,
    standard: brandFrom(settings),
    staff: { guard: nobodyAsks, operatorOf: nobodyAsks },
    publicUrl: origin,
  });
  const carrier = openTwilioAccount(settings.twilio, origin);
  const sms = createSms(settings.sms, { db, clock, carrier, publicUrl: origin });
  const whatsAppWeb = createWhatsAppWeb(settings.whatsappWeb, {
    front: db,
    back: db,
    clock,
    wakes,
    log,
    seal: company.seal,
    alarms: { raise: nobodyAsks, end: nobodyAsks },
    receive: nobodyAsks,
  });
  try {
    for (const kind of kinds) company.define(kind);
    company.define(sms.connections);
    company.define(whatsAppWeb.connections);
    return await company.examine();
  } finally {
    await Promise.all([sms.channel.close(), whatsAppWeb.channel.close()]);
    await wakes.close();
    await db.close();
  }
}

function telephoneOf({ twilio, http }: Settings, clock: Clock): Service[] {
  if (!twilio.TWILIO_ACCOUNT_SID) return [];
  const origin = publicUrl(http);
  const { telephone } = createTwilioVoice({ settings: twilio, publicUrl: origin, handler: nobodyAsks, log, clock });
  return [
    {
      about: "telephone",
      name: telephone.name,
      async check() {
        const answer = await telephone.check();
        return answer.ok ? { ok: true, remarks: twilioRemarks(answer.facts) } : answer;
      },
      addresses: twilioAddresses(origin),
    },
  ];
}

function crmOf({ crm }: Settings, clock: Clock): Service[] {
  if (!crm.DEMO_CRM_URL) return [];
  const demo = createDemoCrm(demoCrmFrom(crm), { clock });
  const check: Service["check"] = async () =>
    (await demo.orderByNumber("0")).kind === "unavailable" ? { ok: false, sentence: null } : { ok: true, remarks: [] };
  return [{ about: "crm", name: "demo", check, addresses: [] }];
}
