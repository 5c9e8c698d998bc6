/** How many of a group had something happen to them. */
export interface Share {
  of: number;
  had: number;
}

/** A ratio of two shares with the bounds between which it lies in 95 of 100 such periods. */
export interface Ratio {
  value: number;
  low: number;
  high: number;
}

/** The square of 1.959964: what a χ² of one degree of freedom exceeds in 5 % of cases. */
const CHI_SQUARE_95 = 3.841458820694124;
/** Each halves the interval on a logarithmic scale; after these it is as narrow as a number can be. */
const HALVINGS = 100;
/** Where the search for the upper bound begins when nobody of `a` had it. */
const NEXT_TO_NOTHING = 1e-9;

/**
 * The ratio `a / b` with the asymptotic score interval of Koopman (Biometrics 40, 1984, 513–517), which Fagerland, Lydersen
 * and Laake (Stat. Methods Med. Res. 24, 2015, 224–254) recommend for small samples and empty cells: all ratios a χ² test does
 * not reject. The share of `b` must not be empty. Pure.
 */
export function ratioOf(a: Share, b: Share): Ratio {
  const value = a.had / a.of / (b.had / b.of);
  const isRejected = (ratio: number) => misfit(a, b, ratio) > CHI_SQUARE_95;
  return {
    value,
    low: value === 0 ? 0 : boundary(value, 1 / 2, isRejected),
    high: boundary(value || NEXT_TO_NOTHING, 2, isRejected),
  };
}

/** Goes from a ratio that fits by `factor` until one does not, then halves the step between the two. */
function boundary(from: number, factor: number, isRejected: (ratio: number) => boolean): number {
  let inside = from;
  let outside = from * factor;
  while (!isRejected(outside)) {
    inside = outside;
    outside *= factor;
  }
  for (let i = 0; i < HALVINGS; i++) {
    const middle = Math.sqrt(inside) * Math.sqrt(outside);
    if (isRejected(middle)) outside = middle;
    else inside = middle;
  }
  return inside;
}

/** Pearson's χ² of both groups against the likeliest shares whose ratio is this one. */
function misfit(a: Share, b: Share, ratio: number): number {
  const p = likeliest(a, b, ratio);
  return pearson(a, p) + pearson(b, p / ratio);
}

/** The likeliest share of `a` when the ratio is given: the smaller root of Koopman's quadratic, free of cancellation. */
function likeliest(a: Share, b: Share, ratio: number): number {
  const all = a.of + b.of;
  const linear = ratio * (a.of + b.had) + a.had + b.of;
  const constant = ratio * (a.had + b.had);
  const root = Math.sqrt(Math.max(0, linear * linear - 4 * all * constant));
  return Math.min(1, ratio, (2 * constant) / (linear + root));
}

function pearson({ of, had }: Share, share: number): number {
  const distance = had - of * share;
  const variance = of * share * (1 - share);
  if (variance > 0) return (distance * distance) / variance;
  return Math.abs(distance) < 1e-9 ? 0 : Number.POSITIVE_INFINITY;
}
