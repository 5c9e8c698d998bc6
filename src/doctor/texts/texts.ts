import type { ScreenLocale } from "#kit";
import { en } from "./en.ts";
import { ru } from "./ru.ts";

/** Everything the doctor says. */
export interface DoctorTexts {
  title: string;
  addresses: string;
  subjects: {
    settings: string;
    node: string;
    database: string;
    disk: string;
    clock: string;
    address: string;
    port: string;
    telephone: string;
    connection: string;
    crm: string;
    traces: string;
  };
  verdict(wrong: number, warnings: number): string;
  settings: string;
  node(version: string): string;
  oldNode(version: string): string;
  database(version: string, sizeBytes: number): string;
  oldPostgres(version: string): string;
  unsafe(setting: string): string;
  notMigrated(count: number): string;
  notMade(folder: string): string;
  disk(freeBytes: number): string;
  diskLow(freeBytes: number): string;
  diskFull(freeBytes: number): string;
  diskElsewhere: string;
  ofTheDatabase: string;
  clock(names: string[]): string;
  clockOff(name: string, aheadMs: number): string;
  address(url: string): string;
  onlyHere(url: string): string;
  notPublic(url: string): string;
  unknownName(host: string): string;
  badCertificate(url: string, words: string): string;
  certificateEnds(url: string, days: number): string;
  noAnswer(url: string, words: string): string;
  nobodyBehind(url: string, status: number, port: number): string;
  somebodyElse(url: string, status: number, port: number): string;
  portTaken(port: number): string;
  works: string;
  nothingConnected: string;
  remarks: {
    "calls-go-nowhere": string;
    "calls-go-elsewhere": string;
    "no-statuses": string;
    "no-fallback": string;
  };
  crmSilent: string;
  collectorSilent(url: string, words: string): string;
}

const TEXTS: Record<ScreenLocale, DoctorTexts> = { ru, en };

/** The doctor's words in this language. */
export const doctorTexts = (locale: ScreenLocale): DoctorTexts => TEXTS[locale];
