import { createCompany, examineConnection, fromEnvironment, type ConnectionKind, type Examined } from "#company";
import { readSettings } from "#config";
import { createDemoCrm, demoCrmFrom } from "#crm/demo";
import { createWakes, openDatabase } from "#db";
import { examine, type Report, type Service } from "#doctor";
import { publicUrl } from "#http";
import { systemClock, type Clock } from "#kit";
import { createTwilioVoice, twilioAddresses, twilioRemarks } from "#voice/twilio";
import { brandFrom, openMessengers, settingsParts, type Settings } from "./main.ts";

const PATIENCE_MS = 5000;

/** Nobody reads along. */
const log = { warn() {}, error() {} };

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

/** Those of the database too, when it can be used. */
async function examineConnections(settings: Settings, url: string | null, clock: Clock): Promise<Examined[]> {
  const messengers = openMessengers(settings, clock);
  const kinds = messengers.map(({ connections }) => connections);
  try {
    return url === null ? await examineOwn(kinds, settings) : await examineStored(kinds, settings, url, clock);
  } finally {
    await Promise.all(messengers.map(({ channel }) => channel.close()));
  }
}

function examineOwn(kinds: ConnectionKind[], { http }: Settings): Promise<Examined[]> {
  const all = kinds.flatMap((kind) =>
    fromEnvironment(kind).map((one) => examineConnection(kind, one, publicUrl(http))),
  );
  return Promise.all(all);
}

async function examineStored(kinds: ConnectionKind[], settings: Settings, url: string, clock: Clock) {
  const db = openDatabase({ url, tenant: settings.db.TENANT, connections: 2, queryTimeoutMs: PATIENCE_MS });
  const wakes = await createWakes(db, clock);
  try {
    const company = createCompany({
      db,
      clock,
      wakes,
      log,
      settings: settings.company,
      standard: brandFrom(settings),
      staff: { guard: nobodyAsks, operatorOf: nobodyAsks },
      publicUrl: publicUrl(settings.http),
    });
    for (const kind of kinds) company.define(kind);
    await company.open();
    return await company.examine();
  } finally {
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
