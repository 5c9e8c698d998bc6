import type { ChatWatch } from "#chat";
import type { Clock } from "#kit";
import type { CallHandler } from "#voice";
import { watchedCalls } from "./call-spans.ts";
import { chatSpans } from "./chat-spans.ts";
import type { WatchSettings } from "./settings.ts";

/** Spans of calls and messages, sent to a collector. */
export interface Traces {
  chat: ChatWatch;
  /** The same handler with its requests as spans. */
  calls(handler: CallHandler): CallHandler;
  /** Sends what is left. */
  close(): Promise<void>;
}

interface TraceDeps {
  clock: Clock;
  log: { warn(fields: object, words: string): void };
}

const NONE: Traces = { chat: {}, calls: (handler) => handler, close: async () => {} };

/** Traces when a collector is set; nothing of OpenTelemetry is loaded otherwise. */
export async function openTraces(settings: WatchSettings, { clock, log }: TraceDeps): Promise<Traces> {
  const {
    OTEL_EXPORTER_OTLP_ENDPOINT: endpoint,
    OTEL_EXPORTER_OTLP_HEADERS: headers,
    OTEL_SERVICE_NAME: service,
  } = settings;
  if (endpoint === undefined) return NONE;
  const { openRecorder } = await import("./otel.ts");
  const recorder = openRecorder({ endpoint, headers: Object.fromEntries(headers), service, log });
  return {
    chat: chatSpans(recorder),
    calls: (handler) => watchedCalls(handler, clock, recorder),
    close: () => recorder.close(),
  };
}
