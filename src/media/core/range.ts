import type { Part } from "../store.ts";

/** What a `Range` header asks of a file of this size. Several ranges at once are answered with the whole file. */
export function wantedPart(header: string | undefined, size: number): "whole" | "impossible" | Part {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? "");
  if (!match || match[0] === "bytes=-") return "whole";
  const [first, last] = [match[1]!, match[2]!];
  const from = first === "" ? Math.max(0, size - Number(last)) : Number(first);
  const to = first === "" || last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (first !== "" && last !== "" && Number(last) < from) return "whole";
  return from < size && from <= to ? { from, to } : "impossible";
}
