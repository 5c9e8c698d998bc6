import { createWhatsAppCloud } from "#chat/whatsapp-cloud";
import { createCompany, examineConnection, fromEnvironment, type ConnectionKind, type Examined } from "#company";
import { readSettings } from "#config";
import { createDemoCrm, demoCrmFrom } from "#crm/demo";
import { createWakes, openDatabase } from "#db";
import { examine, type Report, type Service } from "#doctor";
import { publicUrl } from "#http";
import { systemClock, type Clock } from "#kit";
import { createTwilioVoice, twilioAddresses, twilioRemarks } from "#voice/twilio";
import { brandFrom, settingsParts, type Settings } from "./main.ts";

const PATIENCE_MS = 5000;

/** Nobody reads along. */
const log = { warn() {}, error() {} };

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
  const origin = publicUrl(settings.http);
  const whatsApp = createWhatsAppCloud(settings.whatsapp, { clock });
  try {
    if (url === null) {
      const kind = whatsApp.connections as unknown as ConnectionKind;
      return await Promise.all(fromEnvironment(kind).map((one) => examineConnection(kind, one, origin)));
    }
    const db = openDatabase({ url, tenant: settings.db.TENANT, connections: 2, queryTimeoutMs: PATIENCE_MS });
    const wakes = await createWakes(db, clock);
    const company = createCompany({ db, clock, wakes, log, settings: settings.company, standard: brandFrom(settings) });
    company.define(whatsApp.connections);
    await company.open();
    const examined = await company.examine(origin);
    await wakes.close();
    await db.close();
    return examined;
  } finally {
    await whatsApp.channel.close();
  }
}

function telephoneOf({ twilio, http }: Settings, clock: Clock): Service[] {
  if (!twilio.TWILIO_ACCOUNT_SID) return [];
  const origin = publicUrl(http);
  const handler = () => {
    throw new Error("Nobody calls the doctor.");
  };
  const { telephone } = createTwilioVoice({ settings: twilio, publicUrl: origin, handler, log, clock });
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
