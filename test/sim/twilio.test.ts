import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CALLER, HOTLINE, createHotline } from "./twilio-hotline.ts";
import type { Hotline } from "./twilio-hotline.ts";

let hotline: Hotline;

beforeEach(async () => {
  hotline = await createHotline();
});

afterEach(async () => {
  expect(hotline.complaints).toEqual([]);
  await hotline.close();
});

const ENQUEUE = '<Enqueue action="/left" waitUrl="/wait">support</Enqueue>';
const call = (from = CALLER) => hotline.twilio.phones.call({ from });

/** A hotline that puts every caller into one queue of silent rounds of ten seconds. */
const openQueue = () => {
  hotline.on("/voice", () => ENQUEUE);
  hotline.on("/wait", () => '<Pause length="10"/>');
  hotline.on("/left", () => "<Hangup/>");
};

describe("a call to the hotline", () => {
  it("rings, is greeted, and ends when the document runs out", async () => {
    hotline.on("/voice", () => "<Say>Good morning, and welcome.</Say>");

    const phone = call();
    expect(phone.state).toBe("ringing");
    await hotline.twilio.idle();
    expect(phone.state).toBe("connected");
    await hotline.pass(5);

    expect(phone).toMatchObject({ state: "ended", endedBy: "detour" });
    expect(phone.heard).toMatchObject([{ kind: "say", text: "Good morning, and welcome." }]);
    expect(hotline.at("/voice")[0]!.form).toMatchObject({
      CallStatus: "ringing",
      From: CALLER,
      To: HOTLINE,
      Direction: "inbound",
    });
    expect(hotline.at("/status").map(({ form }) => form)).toMatchObject([
      { CallStatus: "completed", SequenceNumber: "0", CallDuration: "2", CallbackSource: "call-progress-events" },
    ]);
  });

  it("speaks fourteen characters a second, and faster at a higher speed", async () => {
    hotline.on("/voice", () => `<Say>${"a".repeat(140)}</Say><Pause length="10"/>`);

    const slow = call();
    await hotline.pass(19);
    expect(slow.state).toBe("connected");
    await hotline.pass(2);
    expect(slow.state).toBe("ended");

    hotline.twilio.setSpeed(4);
    const fast = call();
    await hotline.pass(5.1);
    expect(fast.state).toBe("ended");
  });

  it("is rejected without being answered", async () => {
    hotline.on("/voice", () => '<Reject reason="busy"/>');

    const phone = call();
    await hotline.twilio.idle();

    expect(phone.endedBy).toBe("detour");
    expect(hotline.at("/status")[0]!.form).toMatchObject({ CallStatus: "busy", CallDuration: "0" });
  });

  it("follows redirects and takes the length of a recording from the recording", async () => {
    hotline.on("/voice", () => "<Redirect>/more?step=2#rc=3</Redirect><Say>never</Say>");
    hotline.on("/more", () => '<Play loop="2">/three-seconds.wav</Play>');
    hotline.on("/three-seconds.wav", () => ({ status: 200, type: "audio/wav", body: wav(3) }));

    const phone = call();
    await hotline.pass(5.9);
    expect(phone.hearing).toMatchObject({ kind: "play", text: `${hotline.base}/three-seconds.wav` });
    await hotline.pass(0.2);

    expect(phone.state).toBe("ended");
    expect(hotline.at("/three-seconds.wav")).toHaveLength(1);
  });
});

const ask = (attributes: string) =>
  `<Gather action="/answer" ${attributes}><Say>Press one, or say yes.</Say></Gather><Say>Nothing came.</Say>`;

describe("a question to the caller", () => {
  it("takes the digits at once when there are enough, and stops speaking", async () => {
    hotline.on("/voice", () => ask('numDigits="2"'));

    const phone = call();
    await hotline.pass(0.5);
    expect(phone.listening).toBe(true);
    expect(phone.press("4")).toBe(true);
    await hotline.twilio.idle();
    expect(phone.hearing).toBeNull();
    phone.press("2");
    await hotline.twilio.idle();

    expect(hotline.at("/answer")[0]!.form).toMatchObject({ Digits: "42" });
    expect(phone.heard).toHaveLength(1);
  });

  it("ends the digits at the finishing key, or when no further key comes", async () => {
    hotline.on("/voice", () => ask('timeout="3"'));

    const first = call();
    await hotline.twilio.idle();
    for (const key of "79#") first.press(key);
    await hotline.twilio.idle();
    expect(hotline.at("/answer")[0]!.form).toMatchObject({ Digits: "79", FinishedOnKey: "#" });

    const second = call();
    await hotline.twilio.idle();
    second.press("8");
    await hotline.pass(3.1);
    expect(hotline.at("/answer")[1]!.form).toMatchObject({ Digits: "8" });
  });

  it("goes on with the next verb on silence, whose patience starts after the prompt", async () => {
    hotline.on("/voice", () => ask('timeout="3"'));

    const phone = call();
    await hotline.pass(4.4);
    expect(phone.listening).toBe(true);
    await hotline.pass(0.5);

    expect(phone.listening).toBe(false);
    expect(phone.heard.at(-1)).toMatchObject({ text: "Nothing came." });
    expect(hotline.at("/answer")).toEqual([]);
  });

  it("reports silence when asked to", async () => {
    hotline.on("/voice", () => ask('timeout="1" actionOnEmptyResult="true" input="dtmf speech"'));

    call();
    await hotline.pass(10);

    expect(hotline.at("/answer")[0]!.form).toMatchObject({ Digits: "", SpeechResult: "" });
  });

  it("hears words, and nothing else once somebody speaks", async () => {
    hotline.on("/voice", () => ask('input="dtmf speech" speechTimeout="auto"'));

    const phone = call();
    await hotline.twilio.idle();
    expect(phone.say("Yes, please")).toBe(true);
    phone.press("1");
    await hotline.pass(3);

    expect(hotline.at("/answer")[0]!.form).toMatchObject({ SpeechResult: "Yes, please" });
    expect(hotline.at("/answer")[0]!.form).not.toHaveProperty("Digits");
  });

  it("does not hear keys when it asks for words only, nor anything when nobody asks", async () => {
    hotline.on("/voice", () => `${ask('input="speech"')}<Pause length="60"/>`);

    const phone = call();
    await hotline.twilio.idle();
    expect(phone.press("1")).toBe(false);
    await hotline.pass(20);
    expect(phone.say("hello?")).toBe(false);
  });
});

describe("the queue", () => {
  it("asks for the wait document again whenever it runs out, with the place as it is then", async () => {
    openQueue();

    const first = call();
    await hotline.pass(5);
    const second = call("+79160000002");
    await hotline.pass(12);
    first.hangUp();
    expect(second.queuePosition).toBe(1);
    await hotline.pass(10);

    expect([first.state, second.state, second.queuePosition]).toEqual(["ended", "in-queue", 1]);
    const rounds = hotline.at("/wait").filter(({ form }) => form["From"] === "+79160000002");
    expect(rounds.map(({ form }) => [form["QueuePosition"], form["QueueTime"], form["CurrentQueueSize"]])).toEqual([
      ["2", "0", "2"],
      ["2", "10", "2"],
      ["1", "20", "1"],
    ]);
    expect(hotline.at("/left")[0]!.form).toMatchObject({
      QueueResult: "hangup",
      QueueTime: "17",
      CallStatus: "completed",
    });
    expect(first.endedBy).toBe("caller");
  });

  it("keeps the place through a question and a redirect, and gives it up by <Leave>", async () => {
    hotline.on("/voice", () => `${ENQUEUE}<Say>never reached</Say>`);
    hotline.on("/wait", () => '<Gather numDigits="1" action="/answer"><Say>Press one to leave.</Say></Gather>');
    hotline.on("/answer", ({ Digits }) => (Digits === "1" ? "<Leave/>" : "<Redirect>/wait</Redirect>"));
    hotline.on("/left", () => "<Say>Goodbye.</Say>");

    const phone = call();
    await hotline.twilio.idle();
    phone.press("5");
    await hotline.twilio.idle();
    expect(phone.queuePosition).toBe(1);
    phone.press("1");
    await hotline.twilio.idle();

    expect(phone.inQueue).toBe(false);
    expect(phone.hearing).toMatchObject({ text: "Goodbye." });
    expect(hotline.at("/left")[0]!.form).toMatchObject({ QueueResult: "leave" });
  });

  it("refuses a caller beyond the greatest size", async () => {
    hotline.on("/voice", () => '<Enqueue action="/left" waitUrl="/wait" maxQueueSize="1">support</Enqueue>');
    hotline.on("/wait", () => '<Pause length="10"/>');

    call();
    await hotline.twilio.idle();
    call("+79160000002");
    await hotline.twilio.idle();

    const [left] = hotline.at("/left");
    expect(left!.form).toMatchObject({ QueueResult: "queue-full" });
    expect(left!.form).not.toHaveProperty("QueueSid");
  });

  it("does not take verbs that are not allowed while waiting", async () => {
    hotline.on("/voice", () => ENQUEUE);
    hotline.on("/wait", () => "<Dial>+79160000000</Dial>");
    hotline.on("/left", () => "<Say>Sorry.</Say>");

    const phone = call();
    await hotline.twilio.idle();

    expect(hotline.at("/left")[0]!.form).toMatchObject({ QueueResult: "error" });
    expect(phone.hearing).toMatchObject({ text: "Sorry." });
  });

  it("does not ask without pause for a wait document that takes no time", async () => {
    hotline.on("/voice", () => ENQUEUE);

    call();
    await hotline.pass(3.5);

    expect(hotline.at("/wait")).toHaveLength(4);
  });

  it("pulls a member out by REST and runs the given document; the second time it is too late", async () => {
    openQueue();
    hotline.on("/pulled-out", () => "<Say>We wrote to you.</Say>");

    const phone = call();
    await hotline.twilio.idle();
    const queueSid = hotline.at("/wait")[0]!.form["QueueSid"]!;
    const member = `/Queues/${queueSid}/Members/${phone.sid}.json`;
    const order = { Url: `${hotline.base}/pulled-out`, Method: "POST" };
    expect(await hotline.rest("GET", member)).toMatchObject({ status: 200, body: { position: 1 } });
    const first = await hotline.rest("POST", member, order);
    const second = await hotline.rest("POST", member, order);
    await hotline.twilio.idle();

    expect(first).toMatchObject({ status: 200, body: { call_sid: phone.sid, position: 1 } });
    expect(second).toMatchObject({ status: 404, body: { code: 20404 } });
    expect(hotline.at("/left").map(({ form }) => form["QueueResult"])).toEqual(["redirected"]);
    expect(phone.hearing).toMatchObject({ text: "We wrote to you." });
    await hotline.pass(2);
    expect(phone.endedBy).toBe("detour");
  });

  it("lists queues and members in order, and Front is the first of them", async () => {
    openQueue();
    const phones = ["+79160000001", "+79160000002", "+79160000003"].map(call);
    await hotline.twilio.idle();

    const [queue] = (await hotline.rest("GET", "/Queues.json")).body["queues"] as {
      sid: string;
      current_size: number;
    }[];
    const members = await hotline.rest("GET", `/Queues/${queue!.sid}/Members.json`);
    const front = await hotline.rest("GET", `/Queues/${queue!.sid}/Members/Front.json`);

    expect(queue!.current_size).toBe(3);
    expect((members.body["queue_members"] as { call_sid: string }[]).map(({ call_sid }) => call_sid)).toEqual(
      phones.map(({ sid }) => sid),
    );
    expect(front.body).toMatchObject({ call_sid: phones[0]!.sid });
  });
});

/** The head of a recording of 64 bytes a second, and its silence. */
function wav(seconds: number): Buffer {
  const file = Buffer.alloc(44 + seconds * 64);
  file.write("RIFF", 0, "latin1");
  file.write("WAVEfmt ", 8, "latin1");
  file.writeUInt32LE(16, 16);
  file.writeUInt32LE(64, 28);
  file.write("data", 36, "latin1");
  file.writeUInt32LE(seconds * 64, 40);
  return file;
}
