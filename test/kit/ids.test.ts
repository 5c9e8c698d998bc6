import { describe, expect, it } from "vitest";
import { isId, newId } from "#kit";

describe("ids", () => {
  it("are UUIDs of version 7 that sort in the order they were made, within one millisecond too", () => {
    const ids = Array.from({ length: 2000 }, (_, index) => newId(1_795_298_500_771 + Math.floor(index / 1000)));

    expect(ids.every(isId)).toBe(true);
    expect(ids.every((id) => id[14] === "7")).toBe(true);
    expect(ids.toSorted()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
  });
});
