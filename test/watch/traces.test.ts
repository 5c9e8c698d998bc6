import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { callerHearingOffer, MOBILE, operator } from "../support/people.ts";
import { createWorld } from "../support/world.ts";
import { startCollector, type Collector, type ReadSpan } from "./collector.ts";

const QUESTION = "сколько стоит доставка?";

describe("the traces of a caller who moves and asks", () => {
  let collector: Collector;
  let ids: { call: string; sid: string; invite: string; answer: string; conversation: string };

  /** The whole way: the call, the invite and its receipts, a question, the answer. */
  beforeAll(async () => {
    collector = await startCollector();
    const world = await createWorld({
      OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/`,
      OTEL_EXPORTER_OTLP_HEADERS: "authorization=Bearer of the collector",
      OTEL_SERVICE_NAME: "hotline",
    });
    await operator(world);
    const phone = await callerHearingOffer(world);
    phone.press("1");
    await world.until("the call ends", () => phone.state === "ended");
    world.whatsapp.customer(MOBILE.slice(1)).write(QUESTION);
    await world.advance(10_000);
    const [call] = await world.db.query<{ id: string }>("select id from call");
    const sent = await world.db.query<{ id: string; author: string; conversation_id: string }>(
      "select id, author, conversation_id from message where status is not null order by id",
    );
    const [invite, answer] = [sent[0]!, sent.find(({ author }) => author === "bot")!];
    ids = {
      call: call!.id,
      sid: phone.sid,
      invite: invite.id,
      answer: answer.id,
      conversation: answer.conversation_id,
    };
    await world.close();
  });
  afterAll(() => collector.close());

  const named = (name: string) => collector.spans.filter((span) => span.name === name);
  const only = (spans: ReadSpan[]) => {
    expect(spans).toHaveLength(1);
    return spans[0]!;
  };
  const placeOf = ({ traceId, spanId }: ReadSpan) => ({ traceId, spanId });

  it("lead from the webhook through the inbox and the decision to the send, by links that all have an end", () => {
    const question = only(named("inbox message"));
    const webhook = only(named("webhook whatsapp-cloud").filter(({ traceId }) => traceId === question.traceId));
    const decision = only(named("decision"));
    const send = only(
      named("send whatsapp-cloud").filter(({ attributes }) => attributes["detour.message.id"] === ids.answer),
    );

    expect(question.parentSpanId).toBe(webhook.spanId);
    expect(question.links).toEqual([placeOf(decision)]);
    expect(decision.links).toEqual([placeOf(send)]);
    expect(send.traceId).toBe(ids.answer.replaceAll("-", ""));
    for (const span of [question, decision, send])
      expect(span.attributes["detour.conversation.id"]).toBe(ids.conversation);
    expect([send.attributes["detour.outcome"], send.isError]).toEqual(["accepted", false]);
  });

  it("join every receipt to the send it is about", () => {
    const invite = only(
      named("send whatsapp-cloud").filter(({ attributes }) => attributes["detour.message.id"] === ids.invite),
    );
    const receipts = named("inbox status").filter(({ attributes }) => attributes["detour.message.id"] === ids.invite);

    expect(invite.attributes["detour.call.id"]).toBe(ids.call);
    expect(receipts.length).toBeGreaterThanOrEqual(2);
    for (const receipt of receipts) expect(receipt.links).toEqual([placeOf(invite)]);
  });

  it("tell the requests of the telephone in one trace a call", () => {
    const arrived = only(named("call arrived"));
    const others = collector.spans.filter(
      ({ name, traceId }) => name.startsWith("call ") && traceId === arrived.traceId,
    );

    expect(arrived.attributes["detour.call.provider_id"]).toBe(ids.sid);
    expect(others.map(({ name }) => name)).toEqual(expect.arrayContaining(["call waiting", "call answered"]));
    expect(others.filter((span) => span !== arrived).every(({ parentSpanId }) => parentSpanId === arrived.spanId)).toBe(
      true,
    );
    expect(new Set(collector.spans.map(({ spanId }) => spanId)).size).toBe(collector.spans.length);
  });

  it("carry the service and the collector's header, and nothing of the person", () => {
    expect(collector.resources[0]).toMatchObject({ "service.name": "hotline", "service.version": expect.any(String) });
    expect(collector.headers.every(({ authorization }) => authorization === "Bearer of the collector")).toBe(true);
    const all = collector.bodies.join("\n");
    expect(all).not.toContain(MOBILE.slice(1));
    expect(all).not.toMatch(/доставка|79161234567|9161234567|wamid/);
  });
});

describe("without a collector", () => {
  it("nothing of OpenTelemetry's SDK is loaded", async () => {
    const { spawnSync } = await import("node:child_process");
    const list = `
      const { registerHooks } = await import("node:module");
      const seen = [];
      registerHooks({ load(url, context, next) { seen.push(url); return next(url, context); } });
      const { openWatch, watchSettings } = await import("#watch");
      const { readSettings } = await import("#config");
      const { watch } = readSettings({}, { watch: watchSettings });
      await openWatch(watch, { publicUrl: "http://localhost", clock: { now: () => 0 }, log: { warn() {} } });
      console.log(seen.filter((url) => /@opentelemetry\\/(?!api)/.test(url)).length, seen.length > 50);`;
    const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", list], {
      encoding: "utf8",
    });

    expect(stdout.trim(), stderr).toBe("0 true");
  });

  it("a collector that is away costs nothing but its spans", async () => {
    const world = await createWorld({ OTEL_EXPORTER_OTLP_ENDPOINT: "http://127.0.0.1:9" });
    world.whatsapp.customer("79160000001").write(QUESTION);
    await world.advance(10_000);
    const answered = world.whatsapp.customer("79160000001").inbox.length;
    await world.close();

    expect(answered).toBe(1);
  });
});
