import { messageOf } from "#kit";
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace, TraceFlags, type Context, type Link } from "@opentelemetry/api";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-http";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchSpanProcessor, TracerProvider, type IdGenerator } from "@opentelemetry/sdk-trace";
import about from "../../package.json" with { type: "json" };
import type { Place } from "./places.ts";
import type { Recorder } from "./recorder.ts";

interface Target {
  /** Without `/v1/traces`. */
  endpoint: string;
  headers: Record<string, string>;
  service: string;
  log: { warn(fields: object, words: string): void };
}

const KINDS = {
  server: SpanKind.SERVER,
  consumer: SpanKind.CONSUMER,
  internal: SpanKind.INTERNAL,
  client: SpanKind.CLIENT,
};
const SEND_EVERY_MS = 1000;
/** With its retries; a stop waits for the last batch this long. */
const PATIENCE_MS = 2000;

/** Sends spans to a collector: OTLP over HTTP, as JSON. A collector that is away costs its spans and nothing else. */
export function openRecorder({ endpoint, headers, service, log }: Target): Recorder {
  const ids = givenIds();
  const exporter = new OTLPTraceExporter({ url: `${endpoint}/v1/traces`, headers, timeoutMillis: PATIENCE_MS });
  const provider = new TracerProvider({
    idGenerator: ids,
    resource: resourceFromAttributes({
      "service.name": service,
      "service.version": about.version,
      "service.instance.id": String(process.pid),
    }),
    spanProcessors: [
      new BatchSpanProcessor({ exporter, scheduledDelayMillis: SEND_EVERY_MS, exportTimeoutMillis: PATIENCE_MS }),
    ],
  });
  const tracer = provider.getTracer("detour");

  return {
    record({ name, kind, at, parent, links = [], attributes, began, ended, trouble }) {
      ids.next = at;
      const options = {
        kind: KINDS[kind],
        attributes,
        startTime: new Date(began),
        links: links.map((to): Link => ({ context: contextOf(to) })),
      };
      const span = tracer.startSpan(name, options, parent ? under(parent) : ROOT_CONTEXT);
      if (trouble !== undefined) span.setStatus({ code: SpanStatusCode.ERROR, message: trouble });
      span.end(new Date(ended));
    },
    async close() {
      await provider.shutdown().catch((error: unknown) => {
        log.warn({ error: messageOf(error) }, "the last spans could not be sent");
      });
    },
  };
}

/** The ids of the span that is made next, which is in the same turn of the event loop. */
function givenIds(): IdGenerator & { next: Place } {
  const ids = {
    next: { traceId: "", spanId: "" },
    generateTraceId: () => ids.next.traceId,
    generateSpanId: () => ids.next.spanId,
  };
  return ids;
}

const contextOf = (place: Place) => ({ ...place, traceFlags: TraceFlags.SAMPLED, isRemote: true });
const under = (place: Place): Context => trace.setSpanContext(ROOT_CONTEXT, contextOf(place));
