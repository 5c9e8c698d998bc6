import { between, instant, later, minutes } from "#kit";
import { readSettings } from "#config";
import { staffSettings } from "#staff";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isForeign } from "../../src/staff/core/foreign.ts";
import { ACCOUNT_LIMIT, ADDRESS_LIMIT, fail, nextTryAt, type Failures } from "../../src/staff/core/throttle.ts";

describe("the wait after failed sign-ins", () => {
  const now = instant(10_000_000);
  const after = (count: number) => {
    let failures: Failures | undefined;
    for (let i = 0; i < count; i++) failures = fail(failures, now);
    return failures;
  };
  const waits = (count: number, limit = ADDRESS_LIMIT) => Math.max(0, between(now, nextTryAt(after(count), limit)));

  it("begins with the fifth failure and doubles up to a bound", () => {
    expect([0, 1, 4, 5, 6, 7].map((count) => waits(count))).toEqual([0, 0, 0, 2000, 4000, 8000]);
    expect(waits(1000)).toBe(minutes(15));
    expect(waits(1000, ACCOUNT_LIMIT)).toBe(minutes(1));
  });

  it("is forgotten after an hour of quiet", () => {
    const failures = fail(after(50), later(now, minutes(61)));

    expect(failures.count).toBe(1);
  });

  it("never grows shorter with one more failure", () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 200 }), (count) => waits(count + 1) >= waits(count)));
  });
});

describe("a request that changes something", () => {
  const sender = fc.record({
    method: fc.constantFrom("POST", "PUT", "PATCH", "DELETE"),
    mediaType: fc.constantFrom(
      null,
      "application/json",
      "text/plain",
      "application/x-www-form-urlencoded",
      "multipart/form-data",
      "application/json\tx",
    ),
    hasOurHeader: fc.boolean(),
    fetchSite: fc.constantFrom(null, "same-origin", "same-site", "cross-site", "none", "new-word"),
    origin: fc.constantFrom("ours" as const, "foreign" as const, "absent" as const),
  });

  it("is foreign whenever a browser could have sent it for another site unasked", () => {
    fc.assert(
      fc.property(sender, (one) => {
        const takenBodies = [null, "application/json", "multipart/form-data"];
        const simple = !one.hasOurHeader || !takenBodies.includes(one.mediaType);
        const elsewhere =
          one.origin !== "ours" &&
          (one.fetchSite === null ? one.origin === "foreign" : !["same-origin", "none"].includes(one.fetchSite));
        return isForeign(one) === (simple || elsewhere);
      }),
    );
  });

  it("is nothing to worry about when it only reads", () => {
    expect(
      isForeign({ method: "GET", mediaType: null, hasOurHeader: false, fetchSite: "cross-site", origin: "foreign" }),
    ).toBe(false);
  });
});

describe("the settings of operators", () => {
  const read = (env: Record<string, string>) => readSettings(env, { staff: staffSettings }).staff;

  it("need nothing", () => {
    expect(read({})).toEqual({ SESSION_IDLE_HOURS: 12, SESSION_DAYS: 7 });
  });

  it.each([
    [{ ADMIN_EMAIL: "boss@example.com" }, "ADMIN_PASSWORD"],
    [{ ADMIN_PASSWORD: "long enough password" }, "ADMIN_EMAIL"],
    [{ ADMIN_EMAIL: "boss", ADMIN_PASSWORD: "long enough password" }, "ADMIN_EMAIL"],
    [{ ADMIN_EMAIL: "boss@example.com", ADMIN_PASSWORD: "short" }, "ADMIN_PASSWORD"],
    [{ SESSION_DAYS: "0" }, "SESSION_DAYS"],
  ])("refuse %j with a sentence that names what to change", (env, name) => {
    expect(() => read(env)).toThrow(new RegExp(`${name}.*\\.$`));
  });
});
