import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CALLER, HOTLINE, createHotline } from "./twilio-hotline.ts";
import type { Hotline } from "./twilio-hotline.ts";

let hotline: Hotline;
const OPERATOR = "+74950000001";

beforeEach(async () => {
  hotline = await createHotline();
  hotline.on("/voice", () => '<Enqueue action="/left" waitUrl="/wait">support</Enqueue>');
  hotline.on("/wait", () => '<Pause length="10"/>');
  hotline.on("/connecting", () => "<Say>You are being connected.</Say>");
  hotline.on("/operator", () => '<Dial action="/dialled" timeout="20"><Queue url="/connecting">support</Queue></Dial>');
});

afterEach(async () => {
  expect(hotline.complaints).toEqual([]);
  await hotline.close();
});

const call = (from = CALLER) => hotline.twilio.phones.call({ from });
const ring = (fields: Record<string, string | string[]> = {}) =>
  hotline.rest("POST", "/Calls.json", {
    To: OPERATOR,
    From: HOTLINE,
    Url: `${hotline.base}/operator`,
    StatusCallback: `${hotline.base}/operator-status`,
    StatusCallbackEvent: ["initiated", "ringing", "answered", "completed"],
    ...fields,
  });
const statuses = () => hotline.at("/operator-status").map(({ form }) => form["CallStatus"]);

describe("an operator's leg", () => {
  it("is joined with the first caller, who hears the whisper first, and both talk until one leaves", async () => {
    hotline.on("/left", () => "<Say>Thank you for calling.</Say>");
    const phone = call();
    const behind = call("+79160000002");
    await hotline.pass(5);

    const placed = await ring();
    expect(placed).toMatchObject({ status: 201, body: { status: "queued", direction: "outbound-api" } });
    await hotline.pass(2.5);
    const operator = hotline.twilio.operatorPhones.leg(OPERATOR)!;
    expect(phone.hearing).toMatchObject({ text: "You are being connected." });
    expect([phone.inQueue, phone.talkingWith, behind.queuePosition]).toEqual([false, null, 1]);
    await hotline.pass(2);
    expect([phone.state, phone.talkingWith]).toEqual(["talking", OPERATOR]);
    expect([operator.state, operator.talkingWith]).toEqual(["talking", CALLER]);
    expect(hotline.at("/left")).toEqual([]);
    await hotline.pass(60);
    operator.hangUp();
    await hotline.twilio.idle();

    expect(hotline.at("/connecting")[0]!.form).toMatchObject({ CallSid: phone.sid, DequeingCallSid: operator.sid });
    expect(hotline.at("/left")[0]!.form).toMatchObject({ CallSid: phone.sid, QueueResult: "bridged", QueueTime: "7" });
    expect(phone.hearing).toMatchObject({ text: "Thank you for calling." });
    expect(operator.endedBy).toBe("caller");
  });

  it("goes on with the Dial action when the caller leaves", async () => {
    hotline.on("/dialled", () => "<Say>The caller is gone.</Say>");
    const phone = call();
    await ring();
    await hotline.pass(10);

    phone.hangUp();
    await hotline.twilio.idle();

    const operator = hotline.twilio.operatorPhones.leg(OPERATOR)!;
    expect(hotline.at("/dialled")[0]!.form).toMatchObject({
      CallSid: operator.sid,
      DialCallStatus: "completed",
      DialBridged: "true",
      DialCallSid: phone.sid,
    });
    expect(operator.hearing).toMatchObject({ text: "The caller is gone." });
    expect(hotline.at("/left")[0]!.form).toMatchObject({ QueueResult: "bridged", CallStatus: "completed" });
  });

  it("reports every step of its life in numbered status callbacks", async () => {
    hotline.on("/operator", () => '<Pause length="5"/>');

    await ring();
    await hotline.pass(20);

    expect(statuses()).toEqual(["initiated", "ringing", "in-progress", "completed"]);
    expect(hotline.at("/operator-status").map(({ form }) => form["SequenceNumber"])).toEqual(["0", "1", "2", "3"]);
    expect(hotline.at("/operator-status").at(-1)!.form).toMatchObject({ CallDuration: "5" });
  });

  it("waits at an empty queue for the next caller, and only for the given time", async () => {
    const early = call("+79160000009");
    await hotline.twilio.idle();
    early.hangUp();
    await ring();
    await hotline.pass(10);

    const phone = call();
    await hotline.pass(3);
    expect(phone.state).toBe("talking");
    phone.hangUp();
    await ring();
    await hotline.pass(30);

    expect(hotline.at("/dialled").map(({ form }) => form["DialCallStatus"])).toEqual(["completed", "no-answer"]);
    expect(hotline.at("/wait").filter(({ form }) => form["From"] === CALLER)).toEqual([]);
  });

  it("is told of an error when nobody ever made the queue", async () => {
    await ring();
    await hotline.pass(5);

    expect(hotline.at("/dialled")[0]!.form).toMatchObject({ DialCallStatus: "failed" });
  });

  it("may be busy, or ring until the timeout", async () => {
    hotline.twilio.operatorPhones.plan(OPERATOR, "busy");
    await ring();
    await hotline.pass(2);
    hotline.twilio.operatorPhones.plan(OPERATOR, "no-answer");
    await ring({ Timeout: "15" });
    await hotline.pass(20);

    expect(statuses()).toEqual(["initiated", "busy", "initiated", "ringing", "no-answer"]);
    expect(hotline.at("/operator")).toEqual([]);
  });

  it("leaves the caller unharmed in a known state when it is gone before the two could talk", async () => {
    hotline.on("/left", () => '<Enqueue action="/left" waitUrl="/wait">support</Enqueue>');
    const phone = call();
    await ring();
    await hotline.pass(2.5);

    hotline.twilio.operatorPhones.leg(OPERATOR)!.hangUp();
    await hotline.twilio.idle();

    expect(hotline.at("/left")[0]!.form).toMatchObject({ QueueResult: "bridging-in-process" });
    expect(phone.state).toBe("in-queue");
  });

  it("cannot be taken from the caller by REST members, only by updating the call", async () => {
    hotline.on("/pulled-out", () => "<Say>Torn away.</Say>");
    const phone = call();
    await hotline.twilio.idle();
    const queueSid = hotline.at("/wait")[0]!.form["QueueSid"];
    await ring();
    await hotline.pass(10);

    const order = { Url: `${hotline.base}/pulled-out` };
    expect(await hotline.rest("POST", `/Queues/${queueSid}/Members/${phone.sid}.json`, order)).toMatchObject({
      status: 404,
    });
    expect(await hotline.rest("POST", `/Calls/${phone.sid}.json`, order)).toMatchObject({ status: 200 });
    await hotline.twilio.idle();

    expect(hotline.at("/left")[0]!.form).toMatchObject({ QueueResult: "redirected-from-bridged" });
    expect(phone.hearing).toMatchObject({ text: "Torn away." });
  });

  it("is held back by Twilio when calls are placed faster than one a second", async () => {
    const [, second, third] = [await ring(), await ring(), await ring()];

    expect([second.body["queue_time"], third.body["queue_time"]]).toEqual(["1000", "2000"]);
    await hotline.pass(1.5);
    expect(statuses().filter((status) => status === "initiated")).toHaveLength(2);
  });
});

describe("updating a call by REST", () => {
  it("runs a written document, whose addresses must be absolute", async () => {
    const phone = call();
    await hotline.twilio.idle();

    const update = await hotline.rest("POST", `/Calls/${phone.sid}.json`, {
      Twiml: "<Response><Say>Hello.</Say><Redirect>/relative</Redirect></Response>",
    });
    await hotline.pass(1);

    expect(update).toMatchObject({ status: 200, body: { status: "in-progress" } });
    expect(hotline.at("/left")[0]!.form).toMatchObject({ QueueResult: "redirected" });
    expect(phone.heard.map(({ text }) => text).at(-1)).toContain("application error");
  });

  it("ends a call, and says 21220 once it is over", async () => {
    const phone = call();
    await hotline.twilio.idle();

    expect(await hotline.rest("POST", `/Calls/${phone.sid}.json`, { Status: "completed" })).toMatchObject({
      status: 200,
      body: { status: "completed" },
    });
    const late = await hotline.rest("POST", `/Calls/${phone.sid}.json`, { Url: `${hotline.base}/pulled-out` });
    await hotline.twilio.idle();

    expect(late).toMatchObject({ status: 400, body: { code: 21220 } });
    expect(phone.endedBy).toBe("detour");
    expect(hotline.at("/left")[0]!.form).toMatchObject({ QueueResult: "hangup" });
  });
});
