import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { CALL, createHotline, kinds, requests, sign, standard, type Form } from "./hotline.ts";

/** Sends other characters under the signature of a genuine request; both must be signed alike to prove anything. */
async function forge(genuine: { path: string; form: Form }, forged: { path: string; form: Form }) {
  const hotline = await createHotline();
  const signature = sign(genuine.path, genuine.form);
  expect(sign(forged.path, forged.form)).toBe(signature);
  const answer = await hotline.post(forged.path, forged.form, { "x-twilio-signature": signature });
  return { status: answer.statusCode, told: hotline.flow.told };
}

const REFUSED = { status: 400, told: [] };

describe("another spelling of what Twilio signed", () => {
  it("is refused when a field's name moved into its value", async () => {
    const { path, form } = requests.incoming;
    const { CallSid, ...rest } = form as Form;

    expect(await forge({ path, form }, { path, form: { ...rest, Call: `Sid${CallSid}` } })).toEqual(REFUSED);
  });

  it("is refused when a field was swallowed by the one before it", async () => {
    const { path, form } = requests.answer;
    const { Direction, ...rest } = form as Form;

    expect(await forge({ path, form }, { path, form: { ...rest, Digits: `1Direction${Direction}` } })).toEqual(REFUSED);
  });

  it("is refused when a body parameter moved into the query", async () => {
    const genuine = { path: "/voice/twilio/incoming", form: { ...standard, "?AAA": "=x" } };
    const forged = { path: "/voice/twilio/incoming?AAA=x", form: standard };

    expect(await forge(genuine, { ...forged, path: "/voice/twilio/incoming?AAA=x" })).toEqual(REFUSED);
  });

  it("is refused when the first fields of the body became the end of the query", async () => {
    const { path, form } = requests.answer;
    const { AccountSid, ...rest } = form as Form;

    expect(await forge({ path, form }, { path: `${path}AccountSid${AccountSid}`, form: rest })).toEqual(REFUSED);
  });

  it("is refused when the end of the query became a field of the body", async () => {
    const { path, form } = requests.answer;

    expect(
      await forge({ path, form }, { path: "/voice/twilio/answer", form: { ...form, "?turn": "=offer.1" } }),
    ).toEqual(REFUSED);
  });

  it("is refused when an answer was hidden to look like silence", async () => {
    const { path, form } = requests.answer;
    const { Digits, ...rest } = form as Form;
    const spoken: Form = { ...rest, SpeechResult: "yes", CallerZip: "" };

    expect(await forge({ path, form }, { path, form: { ...rest, [`Digits${Digits}`]: "" } })).toEqual(REFUSED);
    expect(
      await forge(
        { path, form: { ...form, CallerZip: "" } },
        { path, form: { ...rest, CallerZip: `Digits${Digits}` } },
      ),
    ).toEqual(REFUSED);
    expect(
      await forge({ path, form: spoken }, { path, form: { ...rest, CallerZip: "", SpeechResultyes: "" } }),
    ).toEqual(REFUSED);
  });

  it("is refused when a field stands twice with the same value, which is signed once", async () => {
    const { path, form } = requests.answer;

    expect(await forge({ path, form }, { path, form: { ...form, Digits: ["1", "1"] } })).toEqual(REFUSED);
  });

  it("never changes what the call flow is told, wherever the characters are parted anew", async () => {
    const { path, form } = requests.answer;
    const signature = sign(path, form);
    const hotline = await createHotline();
    await hotline.post(path, form);
    const [genuine] = hotline.flow.told.splice(0);
    let sameSignature = 0;

    const places = Object.keys(form).length * 2 - 1;
    const move = fc.record({ place: fc.nat(places - 1), by: fc.integer({ min: -6, max: 6 }), remove: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.array(move, { minLength: 1, maxLength: 3 }), async (moves) => {
        const parted = partAnew(form, moves);
        if (sign(path, parted) !== signature) return;
        sameSignature += 1;
        const { statusCode } = await hotline.post(path, parted, { "x-twilio-signature": signature });
        const told = hotline.flow.told.splice(0);
        expect(told).toEqual(statusCode === 200 ? [genuine] : []);
      }),
      { numRuns: 2000 },
    );
    expect(sameSignature).toBeGreaterThan(100);
  });
});

describe("a signed request that is not of its kind", () => {
  it.each(kinds)("is refused when a query parameter came along that we did not write: %s", async (kind) => {
    const hotline = await createHotline();
    const { path, form } = requests[kind];
    const more = path + (path.includes("?") ? "&" : "?");

    expect((await hotline.post(`${more}x=1`, form)).statusCode).toBe(400);
    expect((await hotline.post(`${more}turn=a&turn=b`, form)).statusCode).toBe(400);
    expect(hotline.flow.told).toEqual([]);
  });

  it.each(kinds)("is refused when any field Twilio always sends is missing or stands twice: %s", async (kind) => {
    const hotline = await createHotline();
    const { path, form } = requests[kind];
    const needed =
      kind === "connecting" || kind === "joined" ? ["CallSid", "QueueSid", "DequeingCallSid"] : Object.keys(standard);
    for (const name of needed) {
      const { [name]: value, ...rest }: Form = form;
      expect((await hotline.post(path, rest)).statusCode).toBe(400);
      expect((await hotline.post(path, { ...form, [name]: [String(value), "other"] })).statusCode).toBe(400);
    }
    expect(hotline.flow.told).toEqual([]);
  });

  it.each([
    ["incoming", { CallSid: "CA1" }],
    ["incoming", { CallSid: CALL.toUpperCase() }],
    ["incoming", { AccountSid: `AC${"b".repeat(32)}` }],
    ["wait", { QueueSid: "QU../../Calls" }],
    ["wait", { QueuePosition: "-1" }],
    ["wait", { QueueTime: "1e9" }],
    ["answer", { Digits: "1; drop" }],
    ["answer", { Digits: "1".repeat(33) }],
    ["connecting", { DequeingCallSid: "me" }],
    ["status", { SequenceNumber: "x" }],
    ["calledStatus", { SipResponseCode: "ok" }],
    ["calledLeft", { DialCallStatus: "1" }],
  ] as const)("is refused for a badly shaped field: %s %o", async (kind, changes) => {
    const hotline = await createHotline();
    const answer = await hotline.post(requests[kind].path, { ...requests[kind].form, ...changes });

    expect(answer.statusCode).toBe(400);
    expect(hotline.flow.told).toEqual([]);
  });

  it("is taken when Twilio adds a field we have not heard of", async () => {
    const hotline = await createHotline();
    const answer = await hotline.post(requests.incoming.path, {
      ...requests.incoming.form,
      Mood: "sunny",
      __proto__x: "1",
    });

    expect(answer.statusCode).toBe(200);
  });
});

interface Move {
  place: number;
  by: number;
  remove: boolean;
}

/** The same characters as other fields: some of the places where a name or a value ends are moved or removed. */
function partAnew(form: Form, moves: Move[]): Form {
  const pieces = Object.keys(form)
    .sort()
    .flatMap((name) => [name, String(form[name])]);
  const signed = pieces.join("");
  let ends = pieces.map((_, i) => pieces.slice(0, i + 1).join("").length).slice(0, -1);
  for (const { place, by, remove } of moves) {
    if (remove) ends = ends.filter((_, i) => i !== place && i !== place + 1);
    else ends = ends.map((end, i) => (i === place ? Math.min(signed.length, Math.max(0, end + by)) : end));
  }
  const places = [0, ...ends.toSorted((a, b) => a - b), signed.length];
  const parted = places.slice(1).map((end, i) => signed.slice(places[i], end));
  const anew: Form = {};
  for (let i = 0; i < parted.length; i += 2) anew[parted[i]!] = parted[i + 1] ?? "";
  return anew;
}
