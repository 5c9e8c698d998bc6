/** One line of a scrape. */
export interface Sample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? (\S+)$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\\n]|\\[\\"n])*)"(?:,|$)/gy;
const COMMENT = /^# (HELP|TYPE) ([a-zA-Z_:][\w:]*) (.*)$/;

/** Reads Prometheus' text format 0.0.4 and throws at the first line that is not of it or not announced by a type. */
export function parseScrape(text: string): Sample[] {
  const types = new Map<string, string>();
  const samples: Sample[] = [];
  for (const line of text.split("\n")) {
    if (line === "") continue;
    if (line.startsWith("#")) {
      const [, what, name, rest] = COMMENT.exec(line) ?? fail(line);
      if (what === "TYPE") types.set(name!, rest!);
      continue;
    }
    const [, name, labels = "", value] = SAMPLE.exec(line) ?? fail(line);
    if (familyOf(name!, types) === undefined) fail(line);
    samples.push({ name: name!, labels: parseLabels(labels), value: numberOf(value!) });
  }
  return samples;
}

function familyOf(name: string, types: Map<string, string>): string | undefined {
  if (types.has(name)) return name;
  const base = name.replace(/_(bucket|sum|count)$/, "");
  return ["histogram", "summary"].includes(types.get(base) ?? "") ? base : undefined;
}

function parseLabels(text: string): Record<string, string> {
  const labels = [...text.matchAll(LABEL)];
  if (labels.map(([whole]) => whole).join("") !== text) fail(text);
  return Object.fromEntries(labels.map(([, name, value]) => [name!, value!]));
}

function numberOf(text: string): number {
  if (/^[+-]?Inf$/.test(text)) return text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const number = Number(text);
  return text !== "Nan" && Number.isNaN(number) ? fail(text) : number;
}

function fail(line: string): never {
  throw new Error(`This is not Prometheus' text format: ${line}`);
}

/** The one sample with this name and these labels among others; fails when there are several. */
export function valueOf(samples: Sample[], name: string, labels: Record<string, string> = {}): number | undefined {
  const found = samples.filter(
    (sample) => sample.name === name && Object.entries(labels).every(([key, value]) => sample.labels[key] === value),
  );
  if (found.length > 1) throw new Error(`There are ${found.length} samples ${name} ${JSON.stringify(labels)}.`);
  return found[0]?.value;
}
