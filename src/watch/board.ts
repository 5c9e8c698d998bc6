import { COUNTED_STAGES, createFunnelCounter } from "#analytics";
import { DatabaseGone, type Database } from "#db";
import type { Clock } from "#kit";
import type { Router } from "#router";
import { Counter, Gauge, type Registry } from "prom-client";
import { readBacklog, readLines, type Backlog } from "./backlog.ts";

/** What the database is asked for when Prometheus comes by. */
export interface BoardDeps {
  db: Database;
  clock: Clock;
  router: Pick<Router, "outlook">;
  registry: Registry;
}

/** The figures that all processes share: each of them tells the same, so a sum over processes would count them twice. */
export interface Board {
  /** Reads them afresh; without a database the gauges are empty and `detour_database_up` is 0. */
  refresh(): Promise<void>;
}

/** Registers the figures; `refresh` before each scrape. */
export function createBoard({ db, clock, router, registry }: BoardDeps): Board {
  const gauge = <Label extends string>(name: string, help: string, ...labelNames: Label[]) =>
    new Gauge<Label>({ name, help, labelNames, registers: [registry] });
  const up = gauge("detour_database_up", "1 when the database answered for this scrape.");
  const calls = gauge("detour_calls_waiting", "Callers who wait in a queue.", "queue");
  const callbacks = gauge("detour_callbacks_waiting", "Promised callbacks that wait in a queue.", "queue");
  const wait = gauge(
    "detour_expected_wait_seconds",
    "The wait a caller who arrives now would have; +Inf while nobody is online.",
    "queue",
  );
  const rows = gauge(
    "detour_backlog_rows",
    "Rows that wait: inbox, outbox, sends without an outcome.",
    "kind",
    "channel",
  );
  const oldest = gauge("detour_backlog_oldest_seconds", "How long the oldest of them has been due.", "kind", "channel");
  const funnel = new Counter({
    name: "detour_funnel_calls_total",
    help: "Calls that reached a stage of the funnel, counted from the event log since this process was first asked.",
    labelNames: ["queue", "stage"],
    registers: [registry],
  });
  const counter = createFunnelCounter(db);
  const channels = new Set<string>();

  async function readAll() {
    const lines = await readLines(db);
    const outlooks = await Promise.all(lines.map(({ queue }) => router.outlook(db, queue)));
    lines.forEach((line, i) => {
      calls.set({ queue: line.queue }, line.calls);
      callbacks.set({ queue: line.queue }, line.callbacks);
      wait.set({ queue: line.queue }, outlooks[i]!.estimate.seconds ?? Number.POSITIVE_INFINITY);
      for (const stage of COUNTED_STAGES) funnel.inc({ queue: line.queue, stage }, 0);
    });
    showBacklog(await readBacklog(db, clock.now()));
    for (const { queue, stage, calls: count } of await counter.next()) funnel.inc({ queue, stage }, count);
    up.set(1);
  }

  /** A channel that was seen once is told of with 0 when nothing waits there any more. */
  function showBacklog(backlog: Backlog[]) {
    for (const { channel } of backlog) channels.add(channel);
    for (const channel of channels)
      for (const kind of ["inbox", "outbox", "unsettled"] as const) {
        const found = backlog.find((one) => one.queue === kind && one.channel === channel);
        rows.set({ kind, channel }, found?.rows ?? 0);
        oldest.set({ kind, channel }, found?.oldestSeconds ?? 0);
      }
  }

  return {
    async refresh() {
      for (const one of [calls, callbacks, wait, rows, oldest]) one.reset();
      up.set(0);
      await readAll().catch((error: unknown) => {
        if (!(error instanceof DatabaseGone)) throw error;
      });
    },
  };
}
