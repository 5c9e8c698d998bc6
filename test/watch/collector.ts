import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { z } from "zod";

/** A span as a collector reads it. */
export interface ReadSpan {
  traceId: string;
  spanId: string;
  parentSpanId: string | undefined;
  name: string;
  kind: number;
  links: { traceId: string; spanId: string }[];
  attributes: Record<string, unknown>;
  isError: boolean;
  tookMs: number;
}

/** A loopback collector that takes OTLP over HTTP as JSON and holds what it gets to the schema of the protocol. */
export interface Collector {
  url: string;
  spans: ReadSpan[];
  /** Whole bodies, for whoever looks for what must not be there. */
  bodies: string[];
  headers: Record<string, unknown>[];
  resources: Record<string, unknown>[];
  close(): void;
}

const hex = (digits: number) => z.string().regex(new RegExp(`^(?!0+$)[0-9a-f]{${digits}}$`));
const nanos = z.string().regex(/^\d+$/);
const value: z.ZodType = z.lazy(() =>
  z.union([
    z.strictObject({ stringValue: z.string() }),
    z.strictObject({ intValue: z.union([z.number().int(), z.string()]) }),
    z.strictObject({ doubleValue: z.number() }),
    z.strictObject({ boolValue: z.boolean() }),
    z.strictObject({ arrayValue: z.strictObject({ values: z.array(value) }) }),
  ]),
);
const attributes = z.array(z.strictObject({ key: z.string().min(1), value }));

/** `ExportTraceServiceRequest` of opentelemetry-proto 1.x, as far as spans go. */
const exportRequest = z.object({
  resourceSpans: z.array(
    z.object({
      resource: z.object({ attributes }),
      scopeSpans: z.array(
        z.object({
          scope: z.object({ name: z.string() }),
          spans: z.array(
            z.object({
              traceId: hex(32),
              spanId: hex(16),
              parentSpanId: hex(16).optional(),
              name: z.string().min(1),
              kind: z.number().int().min(1).max(5),
              startTimeUnixNano: nanos,
              endTimeUnixNano: nanos,
              attributes,
              links: z.array(z.object({ traceId: hex(32), spanId: hex(16) })),
              status: z.object({ code: z.number().int().min(0).max(2), message: z.string().optional() }),
            }),
          ),
        }),
      ),
    }),
  ),
});

type Attributes = z.infer<typeof attributes>;

const plain = (of: Attributes): Record<string, unknown> =>
  Object.fromEntries(of.map(({ key, value }) => [key, plainValue(value as Record<string, unknown>)]));

function plainValue(value: Record<string, unknown>): unknown {
  const [only] = Object.values(value);
  const { values } = (only ?? {}) as { values?: Record<string, unknown>[] };
  return values ? values.map(plainValue) : only;
}

export async function startCollector(): Promise<Collector> {
  const collector: Omit<Collector, "url" | "close"> = { spans: [], bodies: [], headers: [], resources: [] };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const body = Buffer.concat(chunks).toString();
      const isRight = request.method === "POST" && request.url === "/v1/traces";
      if (isRight) take(collector, request.headers, body);
      response.writeHead(isRight ? 200 : 404, { "content-type": "application/json" }).end("{}");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { ...collector, url: `http://127.0.0.1:${port}`, close: () => void server.close() };
}

function take({ spans, bodies, headers, resources }: Omit<Collector, "url" | "close">, head: object, body: string) {
  bodies.push(body);
  headers.push({ ...head });
  const read = exportRequest.parse(JSON.parse(body));
  for (const { resource, scopeSpans } of read.resourceSpans) {
    resources.push(plain(resource.attributes));
    for (const span of scopeSpans.flatMap((scope) => scope.spans))
      spans.push({
        traceId: span.traceId,
        spanId: span.spanId,
        parentSpanId: span.parentSpanId,
        name: span.name,
        kind: span.kind,
        links: span.links.map(({ traceId, spanId }) => ({ traceId, spanId })),
        attributes: plain(span.attributes),
        isError: span.status.code === 2,
        tookMs: Number(BigInt(span.endTimeUnixNano) - BigInt(span.startTimeUnixNano)) / 1e6,
      });
  }
}
