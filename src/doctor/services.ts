import { ask } from "./ask.ts";
import type { Finding, State, Subject } from "./core/finding.ts";
import type { DoctorTexts } from "./texts/texts.ts";

/** Something a provider's round trip showed although it works. */
export type Remark = keyof DoctorTexts["remarks"];

/** A provider that is connected: how it is tried, and what is pasted into its console. */
export interface Service {
  about: Extract<Subject, "telephone" | "connection" | "crm">;
  name: string;
  /** A real round trip. The sentence is the provider folder's own; null stands for a CRM that only says yes or no. */
  check(): Promise<{ ok: true; remarks: Remark[] } | { ok: false; sentence: string | null }>;
  addresses: { what: string; url: string }[];
}

/** Callers do not reach us at all, or are badly off when all processes are dead. */
const WEIGHT: Record<Remark, State> = {
  "calls-go-nowhere": "wrong",
  "calls-go-elsewhere": "wrong",
  "no-statuses": "warning",
  "no-fallback": "warning",
};

/** Tries every provider at once. */
export async function examineServices(services: Service[]): Promise<Finding[]> {
  return (await Promise.all(services.map(examineService))).flat();
}

async function examineService({ about, name, check }: Service): Promise<Finding[]> {
  const answer = await check();
  if (!answer.ok) return [{ about, name, state: "wrong", say: (t) => answer.sentence ?? t.crmSilent }];
  if (answer.remarks.length === 0) return [{ about, name, state: "well", say: (t) => t.works }];
  return answer.remarks.map((remark) => ({ about, name, state: WEIGHT[remark], say: (t) => t.remarks[remark] }));
}

/** Gives the collector an empty batch. */
export async function examineCollector(endpoint: string, headers: Record<string, string>): Promise<Finding> {
  const url = `${endpoint}/v1/traces`;
  const body = JSON.stringify({ resourceSpans: [] });
  const asked = await ask(url, { method: "POST", headers: { "content-type": "application/json", ...headers }, body });
  const words = asked.kind === "failed" ? asked.words : `HTTP ${asked.status}`;
  const isWell = asked.kind === "answered" && asked.status === 200;
  return {
    about: "traces",
    state: isWell ? "well" : "wrong",
    say: (t) => (isWell ? t.works : t.collectorSilent(url, words)),
  };
}
