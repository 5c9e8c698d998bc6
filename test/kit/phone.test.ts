import { describe, expect, it } from "vitest";
import { isRegion, readCallerId, readPhone, type Region } from "#kit";

describe("telephone numbers", () => {
  it.each<[string, Region, string]>([
    ["8 (701) 234-56-78", "KZ", "+77012345678"],
    ["7012345678", "KZ", "+77012345678"],
    ["8 916 123-45-67", "RU", "+79161234567"],
    ["0151 23456789", "DE", "+4915123456789"],
    ["07911 123456", "GB", "+447911123456"],
    ["90 123 45 67", "UZ", "+998901234567"],
    ["050 123 4567", "AZ", "+994501234567"],
    ["+44 7911 123456", "KZ", "+447911123456"],
  ])("%s in %s is %s", (written, region, e164) => {
    expect(readPhone(written, region)).toBe(e164);
  });

  it("tell a mobile line from a landline in every country", () => {
    expect(readCallerId("+77012345678", "RU")).toMatchObject({ line: "mobile" });
    expect(readCallerId("8 7172 12-34-56", "KZ")).toMatchObject({ phone: "+77172123456", line: "landline" });
    expect(readCallerId("030 123456", "DE")).toMatchObject({ line: "landline" });
  });

  it("are read for countries that exist", () => {
    expect(["RU", "KZ", "UZ", "GB"].every(isRegion)).toBe(true);
    expect(["", "ZZ", "ru", "Russia"].some(isRegion)).toBe(false);
  });
});
