/** The middle value; NaN of nothing. */
export const median = (values: number[]): number => percentile(values, 50);

/** Nearest rank; NaN of nothing. */
export function percentile(values: number[], percent: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;
}

export const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Calls `fire` evenly, `perSecond` times a second, whatever came of earlier calls. */
export async function atRate(perSecond: number, seconds: number, fire: () => void): Promise<void> {
  const start = performance.now();
  const total = Math.round(perSecond * seconds);
  for (let fired = 0; fired < total;) {
    const due = Math.min(total, Math.floor(((performance.now() - start) / 1000) * perSecond) + 1);
    for (; fired < due; fired++) fire();
    await pause(1);
  }
}
