import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { GOALS, isMet, type Figure, type Figures, type Goal } from "./goals.ts";

const FILE = new URL("results/latest.json", import.meta.url);

/** A table as `docs/performance.md` holds it. */
export function tableOf(figures: Figures): string {
  const rows = entries(figures).map(([figure, value]) => [
    GOALS[figure].what,
    inWords(figure, value),
    goalInWords(GOALS[figure]),
    verdict(figure, value),
  ]);
  return inColumns([["what", "measured", "goal", ""], ["---", "---:", "---:", "---"], ...rows]);
}

/** Keeps the figures with what they were measured on. */
export function writeResults(figures: Figures, command: string): string {
  const results = entries(figures).map(([figure, value]) => ({
    figure,
    ...GOALS[figure],
    measured: Number.isNaN(value) ? null : value,
    met: isMet(figure, value),
  }));
  mkdirSync(new URL(".", FILE), { recursive: true });
  writeFileSync(
    FILE,
    `${JSON.stringify({ at: new Date().toISOString(), command, machine: machine(), results }, null, 2)}\n`,
  );
  return FILE.pathname;
}

/** What the figures hold for. */
export const machine = () => ({
  cpu: cpus()[0]?.model ?? "unknown",
  cores: cpus().length,
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  kernel: release(),
  node: process.version,
});

const entries = (figures: Figures) =>
  (Object.keys(GOALS) as Figure[]).flatMap((figure) =>
    figures[figure] === undefined ? [] : [[figure, figures[figure]] as const],
  );

function inWords(figure: Figure, value: number): string {
  const digits = Number.isInteger(value) || value >= 1000 ? 0 : value >= 100 ? 0 : 2;
  return `${value.toFixed(digits)} ${GOALS[figure].unit}`.trim();
}

const SIGNS = { "at most": "≤", "at least": "≥", below: "<" };
const goalInWords = ({ is, value, unit }: Goal) => (is === "shown" ? "" : `${SIGNS[is]} ${value} ${unit}`.trim());

function verdict(figure: Figure, value: number): string {
  const met = isMet(figure, value);
  return met === null ? "" : met ? "met" : "**missed**";
}

function inColumns(rows: string[][]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => `| ${row.map((cell, column) => cell.padEnd(widths[column]!)).join(" | ")} |`).join("\n");
}
