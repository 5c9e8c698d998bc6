import type { Instant } from "#kit";
import type { Place } from "./places.ts";

/** Something that happened, as a span. Attributes are ids and kinds: never numbers, names or texts of people. */
export interface Happening {
  name: string;
  kind: "server" | "consumer" | "internal" | "client";
  at: Place;
  parent?: Place;
  /** Spans of other traces it follows from or leads to. */
  links?: Place[];
  attributes: Record<string, string | number | string[]>;
  began: Instant;
  ended: Instant;
  /** Why it counts as failed. */
  trouble?: string;
}

/** Takes spans after the fact and sends them on in batches. */
export interface Recorder {
  record(happening: Happening): void;
  /** Sends what is left. */
  close(): Promise<void>;
}
