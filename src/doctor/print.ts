import type { ScreenLocale } from "#kit";
import type { Finding, State } from "./core/finding.ts";
import type { Report } from "./doctor.ts";
import { doctorTexts } from "./texts/texts.ts";

const MARKS: Record<State, string> = { well: "✓", warning: "!", wrong: "✗" };

/** The language of whoever looks at the terminal, as the usual variables tell it. */
export function terminalLocale(env: Record<string, string | undefined>): ScreenLocale {
  const tag = env["LC_ALL"] || env["LC_MESSAGES"] || env["LANG"] || "";
  return /^(ru|kk)\b|^(ru|kk)_/i.test(tag) ? "ru" : "en";
}

/** The report as it is read: a sentence for each finding, then the addresses, then the verdict. */
export function printed({ findings, addresses }: Report, locale: ScreenLocale): string {
  const texts = doctorTexts(locale);
  const label = ({ about, name }: Finding) =>
    name === undefined ? texts.subjects[about] : `${texts.subjects[about]} ${name}`;
  const width = Math.max(...findings.map((finding) => label(finding).length));
  const lines = findings.map(
    (finding) => `  ${MARKS[finding.state]} ${label(finding).padEnd(width)}  ${finding.say(texts)}`,
  );
  const places = addresses.length === 0 ? [] : ["", texts.addresses, ...addressLines(addresses)];
  return [texts.title, "", ...lines, ...places, "", verdict(findings, locale), ""].join("\n");
}

/** One line for each place an address is pasted into. */
export function addressLines(addresses: Report["addresses"]): string[] {
  const width = Math.max(...addresses.map(({ what }) => what.length));
  return addresses.map(({ what, url }) => `  ${what.padEnd(width)}  ${url}`);
}

function verdict(findings: Finding[], locale: ScreenLocale): string {
  const count = (state: State) => findings.filter((finding) => finding.state === state).length;
  return doctorTexts(locale).verdict(count("wrong"), count("warning"));
}

/** True when nothing keeps the product from working. */
export const isHealthy = ({ findings }: Report): boolean => findings.every(({ state }) => state !== "wrong");
